package dev.stratalens.engine.lens.kernel;

import org.jspecify.annotations.Nullable;

/** Buffers of a thread for rows on the heap; they grow as needed. */
final class RowBuffer {

    private float[] numbers = new float[0];
    private int[] pairs = new int[0];
    private @Nullable RowBuffer second;

    /** A buffer of at least this length. */
    float[] numbers(int count) {
        if (numbers.length < count) {
            numbers = new float[count];
        }
        return numbers;
    }

    /** A buffer for at least this number of pairs. */
    int[] pairs(int count) {
        if (pairs.length < count) {
            pairs = new int[count];
        }
        return pairs;
    }

    /** A further buffer for a second row. */
    RowBuffer second() {
        if (second == null) {
            second = new RowBuffer();
        }
        return second;
    }
}
