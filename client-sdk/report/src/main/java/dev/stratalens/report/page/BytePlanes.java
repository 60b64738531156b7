package dev.stratalens.report.page;

import java.io.ByteArrayOutputStream;
import java.util.function.IntUnaryOperator;

/**
 * Columns of 32-bit numbers, each as four planes of bytes, lowest first: equal bytes come to stand side by side, which is what
 * a compressor needs. A number that is always small costs almost nothing.
 */
final class BytePlanes {

    /** A float at each index. */
    interface FloatAt {
        float get(int index);
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void integers(int count, IntUnaryOperator at) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            for (int i = 0; i < count; i++) {
                out.write(at.applyAsInt(i) >>> shift);
            }
        }
    }

    void floats(int count, FloatAt at) {
        integers(count, i -> Float.floatToIntBits(at.get(i)));
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
