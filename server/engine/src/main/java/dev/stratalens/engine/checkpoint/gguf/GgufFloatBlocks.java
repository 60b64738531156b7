package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.Float4;
import dev.stratalens.engine.checkpoint.Float8;

/** Decodes blocks of floating-point numbers of 4 bits. Each half of a block has the lower, then the upper halves of its bytes. */
final class GgufFloatBlocks {

    /** A scale of NVFP4 that stands for 0. */
    private static final byte NO_NUMBER = 0x7F;

    private GgufFloatBlocks() {}

    /** A power of two, 16 bytes of two numbers. */
    static void mxfp4(byte[] block, int from, float[] to, int at) {
        numbers(Float8.e8m0(block[from]), block, from + 1, 16, to, at);
    }

    /** Four scales of float8 without a sign, then for each of them 8 bytes of two numbers. */
    static void nvfp4(byte[] block, int from, float[] to, int at) {
        for (int part = 0; part < 4; part++) {
            byte bits = block[from + part];
            float scale = bits == NO_NUMBER ? 0 : Float8.e4m3(bits);
            numbers(scale, block, from + 4 + 8 * part, 8, to, at + 16 * part);
        }
    }

    private static void numbers(float scale, byte[] block, int from, int bytes, float[] to, int at) {
        for (int i = 0; i < bytes; i++) {
            to[at + i] = scale * Float4.number(block[from + i]);
            to[at + bytes + i] = scale * Float4.number(block[from + i] >> 4);
        }
    }
}
