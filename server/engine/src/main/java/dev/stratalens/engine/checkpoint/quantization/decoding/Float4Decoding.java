package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes numbers of 4 bits: sign, two bits of exponent, one of fraction. The lower half of a byte comes first.
 *
 * @param packed U8, two numbers per byte
 */
public record Float4Decoding(TensorInfo packed) implements Decoding {

    private static final float[] NUMBERS = {
        0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f
    };

    static float number(ByteBuffer halves, int index) {
        return NUMBERS[(halves.get(index / 2) >> (4 * (index % 2))) & 0xF];
    }

    @Override
    public int granularity() {
        return 2;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        ByteBuffer halves = files.read(packed.file(), packed.offset() + first / 2, count / 2);
        for (int i = 0; i < count; i++) {
            to[at + i] = number(halves, i);
        }
    }
}
