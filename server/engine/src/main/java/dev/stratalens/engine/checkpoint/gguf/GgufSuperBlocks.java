package dev.stratalens.engine.checkpoint.gguf;

/** Decodes blocks of 256 numbers in parts with small scales, which one or two float16 numbers scale. */
final class GgufSuperBlocks {

    private static final int PARTS = 8;
    private static final int PART = 32;
    private static final int SCALE_BYTES = 12;

    private GgufSuperBlocks() {}

    /** 16 bytes of scale and minimum, 64 bytes of four numbers, d, dmin: {@code d * sc * q - dmin * m}. */
    static void q2k(byte[] block, int from, float[] to, int at) {
        float whole = GgufBlocks.half(block, from + 80);
        float wholeMinimum = GgufBlocks.half(block, from + 82);
        for (int i = 0; i < PARTS * PART; i++) {
            int scale = block[from + i / 16];
            to[at + i] = whole * (scale & 0xF) * twoBits(block, from + 16, i) - wholeMinimum * (scale >> 4 & 0xF);
        }
    }

    /** 32 bytes of third bits, 64 of the lower two, 16 scales of 6 bits, d: {@code d * (sc - 32) * (q - 4)}. */
    static void q3k(byte[] block, int from, float[] to, int at) {
        int scales = from + 96;
        float whole = GgufBlocks.half(block, from + 108);
        for (int i = 0; i < PARTS * PART; i++) {
            int part = i / 16;
            int low = block[scales + part % 8] >> (part / 8 * 4) & 0xF;
            int top = block[scales + 8 + part % 4] >> (part / 4 * 2) & 3;
            int third = block[from + i % 32] >> (i / 32) & 1;
            to[at + i] = whole * ((low | (top << 4)) - 32) * (twoBits(block, from + 32, i) + 4 * third - 4);
        }
    }

    /** Numbers of 2 bits: each byte has four that are 32 apart. */
    static int twoBits(byte[] block, int quants, int index) {
        return block[quants + index / 128 * 32 + index % 32] >> (index % 128 / 32 * 2) & 3;
    }

    /** d, dmin, scales and minima of 8 parts, 128 bytes of two numbers: {@code d * sc * q - dmin * m}. */
    static void q4k(byte[] block, int from, float[] to, int at) {
        int quants = from + 4 + SCALE_BYTES;
        for (int part = 0; part < PARTS; part++) {
            float scale = GgufBlocks.half(block, from) * scale(block, from + 4, part);
            float minimum = GgufBlocks.half(block, from + 2) * minimum(block, from + 4, part);
            for (int i = 0; i < PART; i++) {
                to[at + part * PART + i] = scale * nibble(block, quants, part, i) - minimum;
            }
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits, one bit of each byte to a part. */
    static void q5k(byte[] block, int from, float[] to, int at) {
        int high = from + 4 + SCALE_BYTES;
        int quants = high + PART;
        for (int part = 0; part < PARTS; part++) {
            float scale = GgufBlocks.half(block, from) * scale(block, from + 4, part);
            float minimum = GgufBlocks.half(block, from + 2) * minimum(block, from + 4, part);
            for (int i = 0; i < PART; i++) {
                int quant = nibble(block, quants, part, i) | ((block[high + i] >> part & 1) << 4);
                to[at + part * PART + i] = scale * quant - minimum;
            }
        }
    }

    /** 128 bytes of low halves, 64 of the two high bits, 16 signed scales of 16 numbers each, d: {@code d * sc * (q - 32)}. */
    static void q6k(byte[] block, int from, float[] to, int at) {
        int high = from + 128;
        int scales = high + 64;
        float whole = GgufBlocks.half(block, scales + 16);
        for (int i = 0; i < PARTS * PART; i++) {
            int half = i / 128;
            int inHalf = i % 128;
            int low = block[from + half * 64 + inHalf % 64] >> (inHalf / 64 * 4) & 0xF;
            int top = block[high + half * 32 + i % 32] >> (inHalf / 32 * 2) & 3;
            to[at + i] = whole * block[scales + i / 16] * ((low | top << 4) - 32);
        }
    }

    /** Numbers of two parts share bytes: the first has the low halves. */
    private static int nibble(byte[] block, int quants, int part, int index) {
        return block[quants + part / 2 * PART + index] >> (part % 2 * 4) & 0xF;
    }

    /** Six bits: parts 0 .. 3 in one byte each, with the upper two bits of the other parts above them. */
    private static int scale(byte[] block, int scales, int part) {
        return part < 4
                ? block[scales + part] & 0x3F
                : (block[scales + 4 + part] & 0xF) | (block[scales + part - 4] >> 2 & 0x30);
    }

    private static int minimum(byte[] block, int scales, int part) {
        return part < 4
                ? block[scales + 4 + part] & 0x3F
                : (block[scales + 4 + part] >> 4 & 0xF) | (block[scales + part] >> 2 & 0x30);
    }
}
