package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import java.util.function.IntUnaryOperator;

/** Copies packed fields of one event into arrays, unboxed, and refuses any other length than the promised one. */
record Columns(String event) {

    /** An indexed source of floats. */
    interface FloatAt {
        float get(int index);
    }

    void ints(String field, int count, IntUnaryOperator from, int[] to, int offset, int promised) {
        requireLength(field, count, promised);
        for (int i = 0; i < count; i++) {
            to[offset + i] = from.applyAsInt(i);
        }
    }

    void floats(String field, int count, FloatAt from, float[] to, int offset, int promised) {
        requireLength(field, count, promised);
        for (int i = 0; i < count; i++) {
            to[offset + i] = from.get(i);
        }
    }

    private void requireLength(String field, int came, int promised) {
        require(came == promised, "%s: %s has %d values where %d are promised", event, field, came, promised);
    }
}
