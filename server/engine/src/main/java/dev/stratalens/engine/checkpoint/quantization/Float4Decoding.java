package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.Float4;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes numbers of 4 bits ({@link Float4}). The lower half of a byte comes first.
 *
 * @param packed U8, two numbers per byte
 */
record Float4Decoding(TensorInfo packed) implements Decoding {

    static float number(ByteBuffer halves, int index) {
        return Float4.number(halves.get(index / 2) >> (4 * (index % 2)));
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
