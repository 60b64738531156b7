package dev.stratalens.engine.checkpoint;

/** Numbers of 8 bits as float32, exactly. */
public final class Float8 {

    private static final int VALUES = 1 << Byte.SIZE;
    private static final float[] E4M3 = new float[VALUES];

    static {
        for (int bits = 0; bits < VALUES; bits++) {
            int exponent = bits >> 3 & 0xF;
            int fraction = bits & 7;
            float magnitude = exponent == 0 ? fraction * 0x1p-9f : Math.scalb(1 + fraction / 8f, exponent - 7);
            E4M3[bits] = (bits & 0x7F) == 0x7F ? Float.NaN : (bits >> 7 == 0 ? magnitude : -magnitude);
        }
    }

    private Float8() {}

    /** Four bits of exponent, three of fraction; NaN but no infinity. */
    public static float e4m3(byte bits) {
        return E4M3[bits & 0xFF];
    }

    /** Five bits of exponent, two of fraction: the upper byte of a float16. */
    static float e5m2(byte bits) {
        return StoredNumbers.half((short) (bits << Byte.SIZE));
    }

    /** A power of two; 127 is 1. */
    public static float e8m0(byte bits) {
        return bits == -1 ? Float.NaN : Math.scalb(1f, (bits & 0xFF) - 127);
    }
}
