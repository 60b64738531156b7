package dev.stratalens.engine.checkpoint;

import java.nio.ByteBuffer;

/**
 * Decodes the microscaling format MXFP4: blocks of 32 numbers of 4 bits (sign, two bits of exponent, one of fraction;
 * the lower half of a byte first) and for each block a power of two.
 *
 * @param blocks U8, [.., groups, 16]
 * @param scales U8, [.., groups], exponents with 127 added
 */
record Mxfp4Decoding(TensorInfo blocks, TensorInfo scales) implements Decoding {

    /** Numbers per block. */
    static final int BLOCK = 32;

    private static final int EXPONENT_BIAS = 127;
    private static final float[] NUMBERS = {
        0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f
    };

    @Override
    public int granularity() {
        return BLOCK;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        ByteBuffer halves = files.read(blocks.file(), blocks.offset() + first / 2, count / 2);
        ByteBuffer exponents = files.read(scales.file(), scales.offset() + first / BLOCK, count / BLOCK);
        for (int i = 0; i < count; i++) {
            int number = (halves.get(i / 2) >> (4 * (i % 2))) & 0xF;
            to[at + i] = Math.scalb(NUMBERS[number], (exponents.get(i / BLOCK) & 0xFF) - EXPONENT_BIAS);
        }
    }
}
