package dev.stratalens.server.model.checkpoint;

import java.nio.file.Path;

/**
 * Where a tensor lies. Its bytes are inside the file, as many as type and shape demand, and overlap no other tensor's.
 *
 * @param name as in the file
 * @param type element type
 * @param shape sizes, outermost first, row-major; empty for a scalar. Not copied: read-only.
 * @param file the safetensors file
 * @param offset first byte, counted from the start of the file
 * @param byteCount bytes
 */
public record TensorInfo(String name, StoredType type, long[] shape, Path file, long offset, long byteCount) {

    /** Product of the shape; 1 for a scalar. */
    public long elementCount() {
        return byteCount * 8 / type.bitSize();
    }
}
