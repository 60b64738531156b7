package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Codes;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.Float4;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes numbers of 4 bits ({@link Float4}). The lower half of a byte comes first.
 *
 * @param packed U8, two numbers per byte
 */
public record Float4Decoding(TensorInfo packed) implements Decoding, Codes {

    private static final int BITS = 4;

    @Override
    public int granularity() {
        return 2;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        byte[] codes = new byte[count];
        read(files, first, count, codes);
        for (int i = 0; i < count; i++) {
            to[at + i] = Float4.number(codes[i]);
        }
    }

    @Override
    public Optional<Codes> codes() {
        return Optional.of(this);
    }

    @Override
    public int bits() {
        return BITS;
    }

    @Override
    public float[] table(StoredBytes files) {
        return Float4.numbers();
    }

    @Override
    public void read(StoredBytes files, long first, int count, byte[] to) {
        ByteBuffer halves = files.read(packed.file(), packed.offset() + first / 2, count / 2);
        for (int i = 0; i < count; i++) {
            to[i] = (byte) PackedBits.number(halves, i, BITS);
        }
    }
}
