package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes the microscaling format MXFP4: blocks of 32 numbers of 4 bits (sign, two bits of exponent, one of fraction;
 * the lower half of a byte first) and for each block a power of two.
 *
 * @param blocks U8, [.., groups, 16]
 * @param scales U8, [.., groups], exponents with 127 added
 */
public record Mxfp4Decoding(TensorInfo blocks, TensorInfo scales) implements Decoding {

    /** Numbers per block. */
    public static final int BLOCK = 32;

    private static final int EXPONENT_BIAS = 127;

    @Override
    public int granularity() {
        return BLOCK;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        ByteBuffer halves = files.read(blocks.file(), blocks.offset() + first / 2, count / 2);
        ByteBuffer exponents = files.read(scales.file(), scales.offset() + first / BLOCK, count / BLOCK);
        for (int i = 0; i < count; i++) {
            float number = Float4Decoding.number(halves, i);
            to[at + i] = Math.scalb(number, (exponents.get(i / BLOCK) & 0xFF) - EXPONENT_BIAS);
        }
    }
}
