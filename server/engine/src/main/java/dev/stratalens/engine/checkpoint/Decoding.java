package dev.stratalens.engine.checkpoint;

/**
 * Makes the numbers of a tensor that is not stored as plain numbers in its own order. Immutable; thread-safe.
 */
public interface Decoding {

    /** Numbers that are made together: a range begins and ends at multiples of this. */
    int granularity();

    /**
     * Makes a range of the tensor's numbers.
     *
     * @param files where the bytes are read from
     * @param first index of the first number, row-major
     * @param count numbers
     * @param to receives them
     * @param at index that the first one goes to
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if a file cannot be read any more
     */
    void decode(StoredBytes files, long first, int count, float[] to, int at);
}
