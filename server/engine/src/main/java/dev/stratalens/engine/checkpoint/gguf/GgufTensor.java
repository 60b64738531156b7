package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * A tensor in a GGUF file; also its own decoding.
 *
 * @param name name in GGUF
 * @param type of its blocks; a row has a whole number of them
 * @param shape sizes, outermost first
 * @param offset first byte, counted from the start of the file
 */
public record GgufTensor(String name, GgufType type, long[] shape, Path file, long offset) implements Decoding {

    /** Largest number of tensors along the first dimension. */
    static final int MOST_PARTS = 4096;

    long elementCount() {
        return LongStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    long byteCount() {
        return elementCount() / type.blockNumbers() * type.blockBytes();
    }

    /** The tensor under another name, with its numbers in the same order. */
    TensorInfo named(String other) {
        return new TensorInfo(
                other,
                type.scaleType(),
                shape,
                file,
                offset,
                byteCount(),
                type.isPlain() ? Optional.empty() : Optional.of(this));
    }

    /** The tensor under another name and with another shape, its numbers derived from these. */
    public TensorInfo rearranged(String other, long[] newShape, Function<Decoding, Decoding> rearrangement) {
        return new TensorInfo(
                other, type.scaleType(), newShape, file, offset, byteCount(), Optional.of(rearrangement.apply(this)));
    }

    /** One of the tensors along the first dimension. */
    GgufTensor slice(int index) {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        return new GgufTensor(name, type, rest, file, offset + index * (byteCount() / shape[0]));
    }

    @Override
    public int granularity() {
        return type.blockNumbers();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int blocks = count / type.blockNumbers();
        long start = offset + first / type.blockNumbers() * type.blockBytes();
        byte[] bytes = new byte[blocks * type.blockBytes()];
        files.read(file, start, bytes.length).get(bytes);
        for (int block = 0; block < blocks; block++) {
            type.decode(bytes, block * type.blockBytes(), to, at + block * type.blockNumbers());
        }
    }
}
