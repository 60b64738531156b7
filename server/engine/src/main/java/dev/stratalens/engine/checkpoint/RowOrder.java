package dev.stratalens.engine.checkpoint;

import java.util.function.LongUnaryOperator;

/**
 * The rows of another tensor in another order.
 *
 * @param stored the other
 * @param rowLength numbers of a row
 * @param storedRow from a row to where it is in the other
 */
public record RowOrder(Decoding stored, int rowLength, LongUnaryOperator storedRow) implements Decoding {

    @Override
    public int granularity() {
        return rowLength;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        for (int done = 0; done < count; done += rowLength) {
            long row = storedRow.applyAsLong((first + done) / rowLength);
            stored.decode(files, row * rowLength, rowLength, to, at + done);
        }
    }
}
