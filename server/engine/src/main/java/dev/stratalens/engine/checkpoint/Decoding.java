package dev.stratalens.engine.checkpoint;

import java.util.function.LongUnaryOperator;

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

    /** Numbers made by a function of the arguments of {@link #decode}, so many together. */
    static Decoding of(int granularity, Decoder function) {
        return new Decoding() {
            @Override
            public int granularity() {
                return granularity;
            }

            @Override
            public void decode(StoredBytes files, long first, int count, float[] to, int at) {
                function.decode(files, first, count, to, at);
            }
        };
    }

    /** {@link #decode} as a function. */
    @FunctionalInterface
    interface Decoder {
        void decode(StoredBytes files, long first, int count, float[] to, int at);
    }

    /** These numbers from one of them on. */
    default Decoding from(long start) {
        return of(granularity(), (files, first, count, to, at) -> decode(files, start + first, count, to, at));
    }

    /** Each of these numbers with another added. */
    default Decoding plus(float summand) {
        return of(granularity(), (files, first, count, to, at) -> {
            decode(files, first, count, to, at);
            for (int i = at; i < at + count; i++) {
                to[i] += summand;
            }
        });
    }

    /**
     * These rows in another order.
     *
     * @param rowLength numbers of a row
     * @param storedRow from a row to where it is in this tensor
     */
    default Decoding reordered(int rowLength, LongUnaryOperator storedRow) {
        return of(rowLength, (files, first, count, to, at) -> {
            for (int done = 0; done < count; done += rowLength) {
                long row = storedRow.applyAsLong((first + done) / rowLength);
                decode(files, row * rowLength, rowLength, to, at + done);
            }
        });
    }

    /**
     * This matrix [columns, rows] as [rows, columns]. As many rows are made together as one block of this tensor reaches
     * over.
     *
     * @param rows whole blocks of this tensor
     */
    default Decoding transposed(int rows, int columns) {
        return of(Math.multiplyExact(granularity(), columns), (files, first, count, to, at) -> {
            int firstRow = (int) (first / columns);
            int rowCount = count / columns;
            float[] part = new float[rowCount];
            for (int column = 0; column < columns; column++) {
                decode(files, (long) column * rows + firstRow, rowCount, part, 0);
                for (int row = 0; row < rowCount; row++) {
                    to[at + row * columns + column] = part[row];
                }
            }
        });
    }
}
