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

    static void whole32(byte[] block, int from, float[] to, int at) {
        to[at] = int32(block, from);
    }

    /** d, 16 bytes of two numbers. */
    static void q40(byte[] block, int from, byte[] codes, int at) {
        halves(block, from + 2, codes, at);
    }

    /** d, m, 16 bytes of two numbers. */
    static void q41(byte[] block, int from, byte[] codes, int at) {
        halves(block, from + 4, codes, at);
    }

    /** d, the fifth bits, 16 bytes of two numbers. */
    static void q50(byte[] block, int from, byte[] codes, int at) {
        halves(block, from + 6, codes, at);
        fifth(int32(block, from + 2), codes, at);
    }

    /** d, m, the fifth bits, 16 bytes of two numbers. */
    static void q51(byte[] block, int from, byte[] codes, int at) {
        halves(block, from + 8, codes, at);
        fifth(int32(block, from + 4), codes, at);
    }

    /** d, 32 signed bytes. */
    static void q80(byte[] block, int from, byte[] codes, int at) {
        System.arraycopy(block, from + 2, codes, at, 2 * HALF);
    }

    /** d, the scale of all. */
    static void scale(byte[] block, int from, float[] scales, float[] none, int at) {
        scales[at] = half(block, from);
    }

    /** d and m, the scale and the least number. */
    static void scaleAndMinimum(byte[] block, int from, float[] scales, float[] minima, int at) {
        scales[at] = half(block, from);
        minima[at] = half(block, from + 2);
    }

    /** 16 bytes of two numbers, the second ones after all first ones. */
    static void halves(byte[] block, int from, byte[] codes, int at) {
        for (int i = 0; i < HALF; i++) {
            codes[at + i] = (byte) (block[from + i] & 0xF);
            codes[at + HALF + i] = (byte) (block[from + i] >> 4 & 0xF);
        }
    }

    private static void fifth(int bits, byte[] codes, int at) {
        for (int i = 0; i < 2 * HALF; i++) {
            codes[at + i] |= (byte) ((bits >>> i & 1) << 4);
        }
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
