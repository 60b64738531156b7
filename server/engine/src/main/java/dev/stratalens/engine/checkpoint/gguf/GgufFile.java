package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file: its metadata and the places of its tensors. The tensors are inside the file, do not overlap, and have
 * supported types. Tensor data is neither read nor mapped.
 *
 * @param tensors by GGUF's names, in the file's order; not modifiable
 */
public record GgufFile(GgufMetadata metadata, Map<String, GgufTensor> tensors) {

    private static final int DEFAULT_ALIGNMENT = 32;

    public GgufFile {
        tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads the header.
     *
     * @throws InvalidCheckpointException if the file is damaged, or its version or a type is not supported
     */
    public static GgufFile read(Path file) {
        try {
            return new Locator(file, GgufHeader.read(file), Files.size(file)).locate();
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.CORRUPT, file, e);
        }
    }

    /** Checks a header against its file. */
    private record Locator(Path file, GgufHeader header, long fileSize) {

        GgufFile locate() {
            long alignment = alignment();
            long dataStart = (header.size() + alignment - 1) / alignment * alignment;
            Map<String, GgufTensor> tensors = new LinkedHashMap<>();
            for (GgufHeader.Entry entry : header.tensors()) {
                if (tensors.put(entry.name(), tensor(entry, alignment, dataStart)) != null) {
                    throw corrupt(entry.name(), "occurs twice");
                }
            }
            checkOverlaps(tensors);
            return new GgufFile(header.metadata(), tensors);
        }

        private long alignment() {
            int alignment = header.metadata().integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
            if (Integer.bitCount(alignment) != 1 || alignment < Long.BYTES) {
                throw header.metadata()
                        .invalid("general.alignment", "is %d; allowed: powers of two from 8 on".formatted(alignment));
            }
            return alignment;
        }

        private GgufTensor tensor(GgufHeader.Entry entry, long alignment, long dataStart) {
            GgufType type = GgufType.of(entry.type())
                    .orElseThrow(() -> fault(
                            Problem.TENSORS,
                            entry.name(),
                            "has type %s, which is not supported (supported: %s). Use a file in one of these types"
                                    .formatted(GgufType.nameOf(entry.type()), Arrays.toString(GgufType.values()))));
            long[] shape = outermostFirst(entry.shape());
            long bytes = byteCount(entry, shape, type);
            if (entry.offset() < 0 || entry.offset() % alignment != 0) {
                throw corrupt(
                        entry.name(),
                        "begins at %s, which is not a multiple of %d"
                                .formatted(Long.toUnsignedString(entry.offset()), alignment));
            }
            if (entry.offset() > fileSize - dataStart - bytes) {
                throw fault(
                        Problem.TRUNCATED,
                        entry.name(),
                        "ends beyond the file of %,d bytes, which is cut off or damaged. Download it again"
                                .formatted(fileSize));
            }
            return new GgufTensor(entry.name(), type, shape, file, dataStart + entry.offset());
        }

        private static long[] outermostFirst(long[] innermostFirst) {
            long[] shape = new long[innermostFirst.length];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = innermostFirst[shape.length - 1 - i];
            }
            return shape;
        }

        private long byteCount(GgufHeader.Entry entry, long[] shape, GgufType type) {
            try {
                long elements = 1;
                for (long size : shape) {
                    if (size < 1) {
                        throw new ArithmeticException("no positive size");
                    }
                    elements = Math.multiplyExact(elements, size);
                }
                if (shape.length == 0 || shape[shape.length - 1] % type.blockNumbers() != 0) {
                    throw new ArithmeticException("no whole number of blocks");
                }
                return Math.multiplyExact(elements / type.blockNumbers(), (long) type.blockBytes());
            } catch (ArithmeticException e) {
                throw corrupt(
                        entry.name(), "has the impossible shape %s of %s".formatted(Arrays.toString(shape), type));
            }
        }

        private void checkOverlaps(Map<String, GgufTensor> tensors) {
            List<GgufTensor> inOrder = new ArrayList<>(tensors.values());
            inOrder.sort(Comparator.comparingLong(GgufTensor::offset));
            for (int i = 1; i < inOrder.size(); i++) {
                GgufTensor before = inOrder.get(i - 1);
                if (inOrder.get(i).offset() < before.offset() + before.byteCount()) {
                    throw corrupt(inOrder.get(i).name(), "overlaps tensor \"%s\"".formatted(before.name()));
                }
            }
        }

        private InvalidCheckpointException corrupt(String tensor, String what) {
            return fault(Problem.CORRUPT, tensor, what + ". The file is damaged: download it again");
        }

        private InvalidCheckpointException fault(Problem problem, String tensor, String what) {
            return InvalidCheckpointException.ofTensor(problem, String.valueOf(file.getFileName()), tensor, what);
        }
    }
}
