package dev.stratalens.report.page;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Columns of 32-bit numbers, each as four planes of bytes, lowest first: equal bytes come to stand side by side, which is what
 * a compressor needs. A number that is always small costs almost nothing.
 */
final class BytePlanes {

    /** Where values repeat as often, their places in a list of them cost less than the values. */
    private static final int REPEATED = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void integers(int count, IntUnaryOperator at) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            for (int i = 0; i < count; i++) {
                out.write(at.applyAsInt(i) >>> shift);
            }
        }
    }

    /**
     * The number of distinct values, these in ascending order, and of each value its place among them; 0 and the values
     * themselves where few of them repeat. Numbers that traveled in steps are few.
     */
    void floats(float[] values) {
        float[] distinct = distinct(values);
        if (distinct.length * REPEATED > values.length) {
            integers(1, i -> 0);
            integers(values.length, i -> Float.floatToIntBits(values[i]));
        } else {
            integers(1, i -> distinct.length);
            integers(distinct.length, i -> Float.floatToIntBits(distinct[i]));
            int[] places = new int[values.length];
            Arrays.setAll(places, i -> Arrays.binarySearch(distinct, values[i]));
            integers(places.length, i -> places[i]);
        }
    }

    private static float[] distinct(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        int size = 0;
        for (float value : sorted) {
            if (size == 0 || Float.compare(sorted[size - 1], value) != 0) {
                sorted[size++] = value;
            }
        }
        return Arrays.copyOf(sorted, size);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
