package dev.stratalens.engine.checkpoint;

import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header of a safetensors file: an 8-byte little-endian length, then JSON of that length. The tensors' bytes
 * follow, and are neither read nor mapped.
 */
public final class SafetensorsFile {

    /** Limit of the reference implementation. */
    static final long MAXIMUM_HEADER_BYTES = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    private static final byte[] GIT_LFS_POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final long fileSize;

    /**
     * What a file holds.
     *
     * @param tensors by name, in the header's order; not modifiable
     * @param metadata texts by name; not modifiable
     */
    public record Contents(Map<String, TensorInfo> tensors, Map<String, String> metadata) {}

    private SafetensorsFile(Path file, long fileSize) {
        this.file = file;
        this.fileSize = fileSize;
    }

    /**
     * The file's tensors by name, in the header's order.
     *
     * @throws InvalidCheckpointException if the file is missing, cut off or contradicts itself
     */
    public static Map<String, TensorInfo> read(Path file) {
        return open(file).tensors();
    }

    /**
     * The file with its tensors and texts.
     *
     * @throws InvalidCheckpointException if the file is missing, cut off or contradicts itself
     */
    public static Contents open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw InvalidCheckpointException.of(
                    Problem.MISSING_FILE, file, "is missing. Download the checkpoint again");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new SafetensorsFile(file, Files.size(file)).read(in);
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.CORRUPT, file, e);
        }
    }

    private Contents read(InputStream in) throws IOException {
        int headerSize = headerSize(in.readNBytes(LENGTH_BYTES));
        SafetensorsHeader.Contents header = parse(in.readNBytes(headerSize));
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry entry : header.entries()) {
            if (tensors.put(entry.name(), locate(entry, LENGTH_BYTES + headerSize)) != null) {
                throw corrupt(entry.name(), "occurs twice in the header");
            }
        }
        checkExtents(tensors, LENGTH_BYTES + headerSize);
        return new Contents(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(header.metadata()));
    }

    private int headerSize(byte[] length) {
        if (Arrays.equals(length, 0, length.length, GIT_LFS_POINTER, 0, LENGTH_BYTES)) {
            throw fault(
                    Problem.TRUNCATED,
                    "is a Git LFS pointer and not the weights themselves. Fetch them with \"git lfs pull\"");
        }
        if (length.length < LENGTH_BYTES) {
            throw truncated(LENGTH_BYTES);
        }
        long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (size < 0 || size > MAXIMUM_HEADER_BYTES) {
            throw fault(
                    Problem.CORRUPT,
                    "claims a header of %s bytes; at most %,d are allowed. It is damaged, or is not a safetensors file: download it again"
                            .formatted(Long.toUnsignedString(size), MAXIMUM_HEADER_BYTES));
        }
        if (size > fileSize - LENGTH_BYTES) {
            throw truncated(LENGTH_BYTES + size);
        }
        return (int) size;
    }

    private SafetensorsHeader.Contents parse(byte[] header) throws IOException {
        try {
            return SafetensorsHeader.parse(
                    new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder()));
        } catch (MalformedJsonException | EOFException | CharacterCodingException e) {
            throw InvalidCheckpointException.malformed(Problem.CORRUPT, nameOf(file), "a safetensors file", e);
        }
    }

    private TensorInfo locate(SafetensorsHeader.Entry entry, long dataStart) {
        StoredType type = storedType(entry);
        long byteCount = byteCount(entry, type);
        if (entry.begin() < 0 || entry.end() < entry.begin()) {
            throw corrupt(entry.name(), "has the offsets %d to %d".formatted(entry.begin(), entry.end()));
        }
        if (entry.end() - entry.begin() != byteCount) {
            throw corrupt(
                    entry.name(),
                    "has %d bytes, but %s of shape %s takes %d"
                            .formatted(entry.end() - entry.begin(), type, Arrays.toString(entry.shape()), byteCount));
        }
        if (entry.begin() > Long.MAX_VALUE - dataStart - byteCount) {
            throw corrupt(entry.name(), "begins at byte " + entry.begin());
        }
        return new TensorInfo(entry.name(), type, entry.shape(), file, dataStart + entry.begin(), byteCount);
    }

    private StoredType storedType(SafetensorsHeader.Entry entry) {
        try {
            return StoredType.valueOf(entry.type());
        } catch (IllegalArgumentException e) {
            throw corrupt(
                    entry.name(),
                    "has the unknown type \"%s\" (known: %s)"
                            .formatted(entry.type(), Arrays.toString(StoredType.values())));
        }
    }

    private long byteCount(SafetensorsHeader.Entry entry, StoredType type) {
        try {
            long bits = type.bitSize();
            for (long size : entry.shape()) {
                if (size < 0) {
                    throw new ArithmeticException("negative size");
                }
                bits = Math.multiplyExact(bits, size);
            }
            if (bits % Byte.SIZE != 0) {
                throw new ArithmeticException("no whole number of bytes");
            }
            return bits / Byte.SIZE;
        } catch (ArithmeticException e) {
            throw corrupt(
                    entry.name(), "has the impossible shape %s of %s".formatted(Arrays.toString(entry.shape()), type));
        }
    }

    /** Tensors may leave gaps, but may not overlap or pass the file's end. */
    private void checkExtents(Map<String, TensorInfo> tensors, long dataStart) {
        long end = dataStart;
        long dataBytes = 0;
        TensorInfo last = null;
        for (TensorInfo tensor : tensors.values().stream()
                .filter(tensor -> tensor.byteCount() > 0)
                .sorted(Comparator.comparingLong(TensorInfo::offset))
                .toList()) {
            if (last != null && tensor.offset() < end) {
                throw new InvalidCheckpointException(
                        Problem.CORRUPT,
                        nameOf(file),
                        List.of(last.name(), tensor.name()),
                        "%s: tensors \"%s\" and \"%s\" overlap. The file is damaged: download it again."
                                .formatted(nameOf(file), last.name(), tensor.name()));
            }
            last = tensor;
            end = tensor.offset() + tensor.byteCount();
            dataBytes += tensor.byteCount();
        }
        if (last != null && end > fileSize) {
            // Without gaps, the header is right and the rest of the file is missing. With gaps, an offset is wrong.
            throw dataStart + dataBytes == end
                    ? truncated(end)
                    : corrupt(last.name(), "ends at byte %d of a file of %d".formatted(end, fileSize));
        }
    }

    private InvalidCheckpointException truncated(long expectedSize) {
        return fault(
                Problem.TRUNCATED,
                "is cut off: expected at least %d bytes, found %d. Download it again"
                        .formatted(expectedSize, fileSize));
    }

    private InvalidCheckpointException corrupt(String tensor, String what) {
        return InvalidCheckpointException.ofTensor(
                Problem.CORRUPT, nameOf(file), tensor, what + ". The file is damaged: download it again");
    }

    private InvalidCheckpointException fault(Problem problem, String what) {
        return InvalidCheckpointException.of(problem, file, what);
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
    }
}
