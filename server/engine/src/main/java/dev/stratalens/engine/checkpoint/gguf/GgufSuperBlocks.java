package dev.stratalens.engine.checkpoint.gguf;

/** Decodes blocks of 256 numbers in parts with small scales, which one or two float16 numbers scale. */
final class GgufSuperBlocks {

    private static final int PARTS = 8;
    private static final int PART = 32;
    private static final int SCALE_BYTES = 12;
    private static final int NUMBERS = PARTS * PART;

    /** Parts of 16 numbers. */
    private static final int SMALL_PARTS = 16;

    private GgufSuperBlocks() {}

    /** 16 bytes of scale and minimum, 64 bytes of four numbers, d, dmin. */
    static void q2k(byte[] block, int from, byte[] codes, int at) {
        for (int i = 0; i < NUMBERS; i++) {
            codes[at + i] = (byte) twoBits(block, from + SMALL_PARTS, i);
        }
    }

    /** {@code d * sc} and {@code -dmin * m}. */
    static void q2kParts(byte[] block, int from, float[] scales, float[] biases, int at) {
        for (int part = 0; part < SMALL_PARTS; part++) {
            scales[at + part] = GgufBlocks.half(block, from + 80) * (block[from + part] & 0xF);
            biases[at + part] = -(GgufBlocks.half(block, from + 82) * (block[from + part] >> 4 & 0xF));
        }
    }

    /** 32 bytes of third bits, 64 of the lower two, 16 scales of 6 bits, d. */
    static void q3k(byte[] block, int from, byte[] codes, int at) {
        for (int i = 0; i < NUMBERS; i++) {
            int third = block[from + i % 32] >> (i / 32) & 1;
            codes[at + i] = (byte) (twoBits(block, from + 32, i) + 4 * third);
        }
    }

    /** {@code d * (sc - 32)}. */
    static void q3kParts(byte[] block, int from, float[] scales, float[] none, int at) {
        int small = from + 96;
        for (int part = 0; part < SMALL_PARTS; part++) {
            int low = block[small + part % 8] >> (part / 8 * 4) & 0xF;
            int top = block[small + 8 + part % 4] >> (part / 4 * 2) & 3;
            scales[at + part] = GgufBlocks.half(block, from + 108) * ((low | (top << 4)) - 32);
        }
    }

    /** Numbers of 2 bits: each byte has four that are 32 apart. */
    static int twoBits(byte[] block, int quants, int index) {
        return block[quants + index / 128 * 32 + index % 32] >> (index % 128 / 32 * 2) & 3;
    }

    /** d, dmin, scales and minima of 8 parts, 128 bytes of two numbers. */
    static void q4k(byte[] block, int from, byte[] codes, int at) {
        for (int i = 0; i < NUMBERS; i++) {
            codes[at + i] = (byte) nibble(block, from + 4 + SCALE_BYTES, i / PART, i % PART);
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits, one bit of each byte to a part. */
    static void q5k(byte[] block, int from, byte[] codes, int at) {
        int high = from + 4 + SCALE_BYTES;
        for (int i = 0; i < NUMBERS; i++) {
            int fifth = block[high + i % PART] >> (i / PART) & 1;
            codes[at + i] = (byte) (nibble(block, high + PART, i / PART, i % PART) | (fifth << 4));
        }
    }

    /** {@code d * sc} and {@code -dmin * m}, of Q4_K and Q5_K. */
    static void parts(byte[] block, int from, float[] scales, float[] biases, int at) {
        for (int part = 0; part < PARTS; part++) {
            scales[at + part] = GgufBlocks.half(block, from) * scale(block, from + 4, part);
            biases[at + part] = -(GgufBlocks.half(block, from + 2) * minimum(block, from + 4, part));
        }
    }

    /** 128 bytes of low halves, 64 of the two high bits, 16 signed scales of 16 numbers each, d. */
    static void q6k(byte[] block, int from, byte[] codes, int at) {
        int high = from + 128;
        for (int i = 0; i < NUMBERS; i++) {
            int half = i / 128;
            int inHalf = i % 128;
            int low = block[from + half * 64 + inHalf % 64] >> (inHalf / 64 * 4) & 0xF;
            int top = block[high + half * 32 + i % 32] >> (inHalf / 32 * 2) & 3;
            codes[at + i] = (byte) (low | top << 4);
        }
    }

    /** {@code d * sc}. */
    static void q6kParts(byte[] block, int from, float[] scales, float[] none, int at) {
        for (int part = 0; part < SMALL_PARTS; part++) {
            scales[at + part] = GgufBlocks.half(block, from + 208) * block[from + 192 + part];
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
