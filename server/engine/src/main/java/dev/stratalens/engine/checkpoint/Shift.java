package dev.stratalens.engine.checkpoint;

/**
 * Another tensor with a number added to each of its own.
 *
 * @param stored the other
 * @param summand what is added
 */
public record Shift(Decoding stored, float summand) implements Decoding {

    @Override
    public int granularity() {
        return stored.granularity();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        stored.decode(files, first, count, to, at);
        for (int i = at; i < at + count; i++) {
            to[i] += summand;
        }
    }
}
