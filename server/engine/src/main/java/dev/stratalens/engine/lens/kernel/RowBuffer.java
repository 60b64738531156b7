package dev.stratalens.engine.lens.kernel;

import org.jspecify.annotations.Nullable;

/** One thread's room for rows on the heap; grows as needed. */
final class RowBuffer {

    private float[] numbers = new float[0];
    private int[] pairs = new int[0];
    private @Nullable RowBuffer second;

    /** Room for so many numbers. */
    float[] numbers(int count) {
        if (numbers.length < count) {
            numbers = new float[count];
        }
        return numbers;
    }

    /** Room for so many pairs. */
    int[] pairs(int count) {
        if (pairs.length < count) {
            pairs = new int[count];
        }
        return pairs;
    }

    /** Room for another row at the same time. */
    RowBuffer second() {
        if (second == null) {
            second = new RowBuffer();
        }
        return second;
    }
}
