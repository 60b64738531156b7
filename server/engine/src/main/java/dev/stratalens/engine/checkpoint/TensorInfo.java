package dev.stratalens.engine.checkpoint;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The place of a tensor in a file. Its bytes are inside the file and do not overlap another tensor.
 *
 * @param name name in transformers
 * @param type element type; for a tensor to decode, the type of its scales
 * @param shape sizes, outermost first, row-major; empty for a scalar. Not copied: read-only.
 * @param file the file that holds it
 * @param offset first byte, counted from the start of the file
 * @param byteCount bytes
 * @param decoding decodes its numbers; empty if the bytes are numbers of the type in the shape's order
 */
public record TensorInfo(
        String name,
        StoredType type,
        long[] shape,
        Path file,
        long offset,
        long byteCount,
        Optional<Decoding> decoding) {

    /** A tensor of plain numbers. */
    public TensorInfo(String name, StoredType type, long[] shape, Path file, long offset, long byteCount) {
        this(name, type, shape, file, offset, byteCount, Optional.empty());
    }

    /** Product of the shape; 1 for a scalar. */
    public long elementCount() {
        return LongStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    /** The failure for a tensor that contradicts the configuration or other tensors. */
    public InvalidCheckpointException invalid(String what) {
        return InvalidCheckpointException.ofTensor(Problem.TENSORS, String.valueOf(file.getFileName()), name, what);
    }

    /** The same bytes as numbers of another type of the same size, for formats that do not name the type that they mean. */
    public TensorInfo as(StoredType other) {
        return new TensorInfo(name, other, shape, file, offset, byteCount, decoding);
    }

    /** Stored whole numbers as numbers to decode. */
    public TensorInfo decodedWholeNumbers() {
        return new TensorInfo(
                name, StoredType.F32, shape, file, offset, byteCount, Optional.of(StoredNumbers.decoding(this)));
    }

    /** Whether it takes less space than plain numbers of its type. */
    public boolean isQuantized() {
        return byteCount < elementCount() * type.bitSize() / Byte.SIZE;
    }
}
