package dev.stratalens.engine.checkpoint;

import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** Decodes a tensor that is not stored as plain numbers in its own order. Immutable; thread-safe. */
public interface Decoding {

    /** Number of values that are decoded together: ranges begin and end at multiples of it. */
    int granularity();

    /**
     * Decodes a range of the tensor's numbers.
     *
     * @param files source of the bytes
     * @param first index of the first number, row-major
     * @param count numbers
     * @param to receives them
     * @param at index of the first number in {@code to}
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if a file can no longer be read
     */
    void decode(StoredBytes files, long first, int count, float[] to, int at);

    /** The tensor as codes, for a device that decodes them itself; empty if it is not stored in such a form. */
    default Optional<CodedNumbers> coded() {
        return Optional.empty();
    }

    /** The numbers as codes without scales, if they are stored so. */
    default Optional<Codes> codes() {
        return Optional.empty();
    }

    /** A decoding by a function with the arguments of {@link #decode} and a granularity. */
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

    /** This decoding from a start index on. */
    default Decoding from(long start) {
        return new DecodingFrom(this, start);
    }

    /** This decoding with a number added to each value. */
    default Decoding plus(float summand) {
        return of(granularity(), (files, first, count, to, at) -> {
            decode(files, first, count, to, at);
            for (int i = at; i < at + count; i++) {
                to[i] += summand;
            }
        });
    }

    /** This decoding with each value multiplied by a number. */
    default Decoding times(float factor) {
        return of(granularity(), (files, first, count, to, at) -> {
            decode(files, first, count, to, at);
            for (int i = at; i < at + count; i++) {
                to[i] *= factor;
            }
        });
    }

    /**
     * This decoding with its rows in another order.
     *
     * @param rowLength length of a row
     * @param storedRow maps a row to its index in this tensor
     */
    default Decoding reordered(int rowLength, LongUnaryOperator storedRow) {
        return new ReorderedRows(this, rowLength, storedRow);
    }

    /**
     * This matrix [columns, rows] as [rows, columns]. Decodes together as many rows as one block of this tensor covers.
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
