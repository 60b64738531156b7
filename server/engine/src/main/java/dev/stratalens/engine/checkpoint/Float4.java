package dev.stratalens.engine.checkpoint;

/** Numbers of 4 bits: sign, two bits of exponent, one of fraction. */
public final class Float4 {

    private static final float[] NUMBERS = {
        0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f
    };

    private Float4() {}

    /** All of them, in the order of their bits. */
    public static float[] numbers() {
        return NUMBERS.clone();
    }

    /** The number of the lower 4 bits, exactly. */
    public static float number(int bits) {
        return NUMBERS[bits & 0xF];
    }
}
