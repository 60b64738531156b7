package dev.stratalens.engine.checkpoint;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Where a tensor lies. Its bytes are inside the file and overlap no other tensor's.
 *
 * @param name as the family's configuration class names it
 * @param type element type; of a tensor that is to be decoded, the type of the numbers that its blocks are scaled with
 * @param shape sizes, outermost first, row-major; empty for a scalar. Not copied: read-only.
 * @param file that holds it
 * @param offset first byte, counted from the start of the file
 * @param byteCount bytes
 * @param decoding how its numbers are made; empty where the bytes are numbers of that type in the shape's order
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

    /** The failure of a tensor that is not what the configuration or its neighbors make of it. */
    InvalidCheckpointException invalid(String what) {
        return InvalidCheckpointException.ofTensor(Problem.TENSORS, String.valueOf(file.getFileName()), name, what);
    }

    /** Whether it takes less room than as many numbers of its type. */
    public boolean isQuantized() {
        return byteCount < elementCount() * type.bitSize() / Byte.SIZE;
    }
}
