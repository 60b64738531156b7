package dev.stratalens.engine.checkpoint.gguf;

/** Decodes blocks of numbers that choose from a list of 16, and blocks of numbers -1, 0 and 1. */
final class GgufListBlocks {

    private static final int[] LIST = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int HALF = 16;
    private static final int PART = 32;
    private static final int PARTS = 8;

    private GgufListBlocks() {}

    /** The number of a code. */
    static int listed(int code) {
        return LIST[code];
    }

    /** d, 16 bytes of two numbers. */
    static void iq4nl(byte[] block, int from, byte[] codes, int at) {
        GgufBlocks.halves(block, from + 2, codes, at);
    }

    /** d, the upper 2 bits of 8 scales, their lower 4 bits, 8 times 16 bytes of two numbers. */
    static void iq4xs(byte[] block, int from, byte[] codes, int at) {
        for (int part = 0; part < PARTS; part++) {
            GgufBlocks.halves(block, from + 8 + part * HALF, codes, at + part * PART);
        }
    }

    /** {@code d * (sc - 32)}. */
    static void iq4xsParts(byte[] block, int from, float[] scales, float[] none, int at) {
        int high = GgufBlocks.int16(block, from + 2);
        for (int part = 0; part < PARTS; part++) {
            int low = block[from + 4 + part / 2] >> (part % 2 * 4) & 0xF;
            scales[at + part] = GgufBlocks.half(block, from) * ((low | ((high >> (2 * part) & 3) << 4)) - 32);
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
