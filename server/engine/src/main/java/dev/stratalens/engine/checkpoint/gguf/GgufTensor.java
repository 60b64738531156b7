package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.Codes;
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
    public static final int MOST_PARTS = 4096;

    public long elementCount() {
        return LongStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    public long byteCount() {
        return elementCount() / type.blockNumbers() * type.blockBytes();
    }

    /** The tensor under another name, with its numbers in the same order. */
    public TensorInfo named(String other) {
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

    /** The same numbers in another shape. */
    public GgufTensor shaped(long... other) {
        return new GgufTensor(name, type, other, file, offset);
    }

    /** One of the tensors along the first dimension. */
    public GgufTensor slice(int index) {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        return new GgufTensor(name, type, rest, file, offset + index * (byteCount() / shape[0]));
    }

    @Override
    public int granularity() {
        return type.blockNumbers();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        type.decode(blocks(files, first, count), to, at);
    }

    @Override
    public Optional<CodedNumbers> coded() {
        return type.codes()
                .map(codes -> new CodedNumbers(
                        new BlockCodes(codes),
                        codes.part(),
                        codes.shared(),
                        (files, first, count) -> groups(codes, files, first, count)));
    }

    private Groups groups(GgufCodes codes, StoredBytes files, long first, int count) {
        int ofBlock = type.blockNumbers() / codes.part();
        int skipped = (int) (first % ofBlock);
        byte[] bytes = blocks(files, first * codes.part(), count * codes.part());
        int all = bytes.length / type.blockBytes() * ofBlock;
        float[] scales = new float[all];
        float[] biases = new float[all];
        for (int block = 0; block < all / ofBlock; block++) {
            codes.parts().read(bytes, block * type.blockBytes(), scales, biases, block * ofBlock);
        }
        return new Groups(
                Arrays.copyOfRange(scales, skipped, skipped + count),
                codes.shared() == Shared.SCALE ? new float[0] : Arrays.copyOfRange(biases, skipped, skipped + count));
    }

    /** The blocks that have some numbers. */
    private byte[] blocks(StoredBytes files, long first, int count) {
        long firstBlock = first / type.blockNumbers();
        int blocks = (int) ((first + count - 1) / type.blockNumbers() - firstBlock) + 1;
        byte[] bytes = new byte[blocks * type.blockBytes()];
        files.read(file, offset + firstBlock * type.blockBytes(), bytes.length).get(bytes);
        return bytes;
    }

    private final class BlockCodes implements Codes {

        private final GgufCodes codes;

        BlockCodes(GgufCodes codes) {
            this.codes = codes;
        }

        @Override
        public int bits() {
            return codes.bits();
        }

        @Override
        public float[] table(StoredBytes files) {
            return codes.table();
        }

        @Override
        public void read(StoredBytes files, long first, int count, byte[] to) {
            byte[] bytes = blocks(files, first, count);
            int blocks = bytes.length / type.blockBytes();
            byte[] all = new byte[blocks * type.blockNumbers()];
            for (int block = 0; block < blocks; block++) {
                codes.reader().read(bytes, block * type.blockBytes(), all, block * type.blockNumbers());
            }
            System.arraycopy(all, (int) (first % type.blockNumbers()), to, 0, count);
        }
    }
}
