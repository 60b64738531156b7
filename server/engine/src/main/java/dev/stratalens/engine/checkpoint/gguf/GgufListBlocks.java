package dev.stratalens.engine.checkpoint.gguf;

/** Decodes blocks of numbers that choose from a list of 16, and blocks of numbers -1, 0 and 1. */
final class GgufListBlocks {

    private static final int[] LIST = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int HALF = 16;
    private static final int PART = 32;
    private static final int PARTS = 8;

    private GgufListBlocks() {}

    /** d, 16 bytes of two numbers. */
    static void iq4nl(byte[] block, int from, float[] to, int at) {
        listed(block, from + 2, GgufBlocks.half(block, from), to, at);
    }

    /** d, the upper 2 bits of 8 scales, their lower 4 bits, 8 times 16 bytes of two numbers. */
    static void iq4xs(byte[] block, int from, float[] to, int at) {
        int high = GgufBlocks.int16(block, from + 2);
        for (int part = 0; part < PARTS; part++) {
            int low = block[from + 4 + part / 2] >> (part % 2 * 4) & 0xF;
            int scale = (low | ((high >> (2 * part) & 3) << 4)) - 32;
            listed(block, from + 8 + part * HALF, GgufBlocks.half(block, from) * scale, to, at + part * PART);
        }
    }

    private static void listed(byte[] block, int from, float scale, float[] to, int at) {
        for (int i = 0; i < HALF; i++) {
            to[at + i] = scale * LIST[block[from + i] & 0xF];
            to[at + HALF + i] = scale * LIST[block[from + i] >> 4 & 0xF];
        }
    }

    /** Bytes of five numbers in base 3, for 160, then 80 numbers; bytes of four, for 16; d. */
    static void tq10(byte[] block, int from, float[] to, int at) {
        float scale = GgufBlocks.half(block, from + 52);
        ternary(block, from, PART, scale, to, at, 5 * PART);
        ternary(block, from + PART, HALF, scale, to, at + 5 * PART, 5 * HALF);
        ternary(block, from + PART + HALF, 4, scale, to, at + 5 * (PART + HALF), 4 * 4);
    }

    /** The first number of each byte, then the second of each, and so on. A byte is a fraction of 256, rounded up. */
    private static void ternary(byte[] block, int from, int bytes, float scale, float[] to, int at, int count) {
        int power = 1;
        for (int i = 0; i < count; i++) {
            if (i > 0 && i % bytes == 0) {
                power *= 3;
            }
            int rest = ((block[from + i % bytes] & 0xFF) * power) & 0xFF;
            to[at + i] = scale * (((rest * 3) >> 8) - 1);
        }
    }

    /** 64 bytes of four numbers of 2 bits, d: {@code d * (q - 1)}. */
    static void tq20(byte[] block, int from, float[] to, int at) {
        float scale = GgufBlocks.half(block, from + 64);
        for (int i = 0; i < PARTS * PART; i++) {
            to[at + i] = scale * (GgufSuperBlocks.twoBits(block, from, i) - 1);
        }
    }
}
