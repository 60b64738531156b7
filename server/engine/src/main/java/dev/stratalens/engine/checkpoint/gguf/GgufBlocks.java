package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.StoredNumbers;

/**
 * Decodes blocks of 32 numbers with one scale, and plain numbers. Scales are float16; numbers are packed low half
 * first.
 */
final class GgufBlocks {

    private static final int HALF = 16;

    private GgufBlocks() {}

    static void float32(byte[] block, int from, float[] to, int at) {
        to[at] = Float.intBitsToFloat(int32(block, from));
    }

    static void float16(byte[] block, int from, float[] to, int at) {
        to[at] = half(block, from);
    }

    static void bfloat16(byte[] block, int from, float[] to, int at) {
        to[at] = Float.intBitsToFloat(int16(block, from) << Short.SIZE);
    }

    /** d, 16 bytes of two numbers: {@code d * (q - 8)}. */
    static void q40(byte[] block, int from, float[] to, int at) {
        float scale = half(block, from);
        for (int i = 0; i < HALF; i++) {
            int pair = block[from + 2 + i];
            to[at + i] = scale * ((pair & 0xF) - 8);
            to[at + HALF + i] = scale * (((pair >> 4) & 0xF) - 8);
        }
    }

    /** d, m, 16 bytes of two numbers: {@code d * q + m}. */
    static void q41(byte[] block, int from, float[] to, int at) {
        float scale = half(block, from);
        float minimum = half(block, from + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = block[from + 4 + i];
            to[at + i] = scale * (pair & 0xF) + minimum;
            to[at + HALF + i] = scale * ((pair >> 4) & 0xF) + minimum;
        }
    }

    /** d, the fifth bits, 16 bytes of two numbers: {@code d * (q - 16)}. */
    static void q50(byte[] block, int from, float[] to, int at) {
        float scale = half(block, from);
        int high = int32(block, from + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = block[from + 6 + i];
            to[at + i] = scale * (fifth(pair & 0xF, high, i) - 16);
            to[at + HALF + i] = scale * (fifth((pair >> 4) & 0xF, high, HALF + i) - 16);
        }
    }

    /** d, m, the fifth bits, 16 bytes of two numbers: {@code d * q + m}. */
    static void q51(byte[] block, int from, float[] to, int at) {
        float scale = half(block, from);
        float minimum = half(block, from + 2);
        int high = int32(block, from + 4);
        for (int i = 0; i < HALF; i++) {
            int pair = block[from + 8 + i];
            to[at + i] = scale * fifth(pair & 0xF, high, i) + minimum;
            to[at + HALF + i] = scale * fifth((pair >> 4) & 0xF, high, HALF + i) + minimum;
        }
    }

    /** d, 32 signed bytes: {@code d * q}. */
    static void q80(byte[] block, int from, float[] to, int at) {
        float scale = half(block, from);
        for (int i = 0; i < 2 * HALF; i++) {
            to[at + i] = block[from + 2 + i] * scale;
        }
    }

    private static int fifth(int low, int high, int index) {
        return low | ((high >>> index & 1) << 4);
    }

    static float half(byte[] bytes, int from) {
        return StoredNumbers.half((short) int16(bytes, from));
    }

    static int int16(byte[] bytes, int from) {
        return (bytes[from] & 0xFF) | (bytes[from + 1] & 0xFF) << 8;
    }

    static int int32(byte[] bytes, int from) {
        return int16(bytes, from) | int16(bytes, from + 2) << Short.SIZE;
    }
}
