package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.Float4;
import dev.stratalens.engine.checkpoint.Float8;

/**
 * Reads blocks of floating-point numbers of 4 bits. Their doubles are whole numbers, so the scales are halved. Each part has the
 * lower halves of its bytes, then the upper ones.
 */
final class GgufFloatBlocks {

    private static final int PARTS = 4;
    private static final int PART_BYTES = 8;

    /** A scale of NVFP4 that stands for 0. */
    private static final byte NO_NUMBER = 0x7F;

    private GgufFloatBlocks() {}

    /** Twice the number of a code. */
    static int doubled(int code) {
        return (int) (2 * Float4.number(code));
    }

    /** A power of two, 16 bytes of two numbers. */
    static void mxfp4(byte[] block, int from, byte[] codes, int at) {
        halves(block, from + 1, 2 * PART_BYTES, codes, at);
    }

    static void power(byte[] block, int from, float[] scales, float[] biases, int at) {
        scales[at] = 0.5f * Float8.e8m0(block[from]);
    }

    /** Four scales of float8 without a sign, then for each of them 8 bytes of two numbers. */
    static void nvfp4(byte[] block, int from, byte[] codes, int at) {
        for (int part = 0; part < PARTS; part++) {
            halves(block, from + PARTS + PART_BYTES * part, PART_BYTES, codes, at + 2 * PART_BYTES * part);
        }
    }

    static void scales(byte[] block, int from, float[] scales, float[] biases, int at) {
        for (int part = 0; part < PARTS; part++) {
            byte bits = block[from + part];
            scales[at + part] = bits == NO_NUMBER ? 0 : 0.5f * Float8.e4m3(bits);
        }
    }

    private static void halves(byte[] block, int from, int bytes, byte[] codes, int at) {
        for (int i = 0; i < bytes; i++) {
            codes[at + i] = (byte) (block[from + i] & 0xF);
            codes[at + bytes + i] = (byte) (block[from + i] >> 4 & 0xF);
        }
    }
}
