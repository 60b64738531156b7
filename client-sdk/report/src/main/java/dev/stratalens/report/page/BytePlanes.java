package dev.stratalens.report.page;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Writes columns of 32-bit numbers as four planes of bytes, lowest first. This puts equal bytes side by side, so that
 * they compress well; a column of small numbers costs almost nothing.
 */
final class BytePlanes {

    /** If values repeat this often, indexes into a list of distinct values cost less than the values. */
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
     * Writes the number of distinct values, these in ascending order, and the index of each value among them; or 0 and
     * the values themselves if few repeat. Numbers in compact form repeat often.
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
