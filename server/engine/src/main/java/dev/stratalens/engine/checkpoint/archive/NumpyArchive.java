package dev.stratalens.engine.checkpoint.archive;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.archive.StoredEntries.Entry;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an archive of {@code numpy.savez}: arrays of numbers by name. Arrays of Python objects, which are pickles, are refused. The
 * numbers are not read. Source of the format: NumPy's {@code numpy.lib.format}.
 */
public final class NumpyArchive {

    private static final String SUFFIX = ".npy";
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic, version, and the length of the header in version 2 and later. */
    private static final int BEGINNING = 12;

    private static final int MOST_HEADER_BYTES = 1 << 16;
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([^']{1,16})', 'fortran_order': (False|True), 'shape': \\(([\\d, ]{0,200})\\), ?\\}\\s*");
    private static final Map<String, StoredType> TYPES = Map.of(
            "<f2",
            StoredType.F16,
            "<f4",
            StoredType.F32,
            "<f8",
            StoredType.F64,
            "<i8",
            StoredType.I64,
            "<i4",
            StoredType.I32);

    private final StoredEntries archive;

    private NumpyArchive(StoredEntries archive) {
        this.archive = archive;
    }

    /**
     * The arrays by name, in the order of the archive.
     *
     * @throws InvalidCheckpointException if the file is missing, damaged or compressed, or has other things than arrays of numbers
     */
    public static Map<String, TensorInfo> read(Path file) {
        var numpy = new NumpyArchive(StoredEntries.of(file));
        Map<String, TensorInfo> arrays = new LinkedHashMap<>();
        numpy.archive.entries().forEach((name, entry) -> {
            try {
                if (!name.endsWith(SUFFIX)) {
                    throw new IOException("is no array");
                }
                String array = name.substring(0, name.length() - SUFFIX.length());
                arrays.put(array, numpy.array(array, entry));
            } catch (IOException e) {
                throw InvalidCheckpointException.of(
                        Problem.CORRUPT,
                        String.valueOf(file.getFileName()),
                        "entry \"" + name + "\"",
                        String.valueOf(e.getMessage()));
            }
        });
        return arrays;
    }

    private TensorInfo array(String name, Entry entry) throws IOException {
        ByteBuffer first = ByteBuffer.wrap(archive.first(entry, BEGINNING + MOST_HEADER_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (first.limit() < BEGINNING || !Arrays.equals(MAGIC, Arrays.copyOf(first.array(), MAGIC.length))) {
            throw new IOException("is no array of NumPy");
        }
        int version = first.get(MAGIC.length);
        int start = version == 1 ? BEGINNING - 2 : BEGINNING;
        long length = version == 1 ? first.getShort(start - 2) & 0xFFFF : first.getInt(start - 4) & 0xFFFFFFFFL;
        if (version < 1 || version > 3 || length > first.limit() - start) {
            throw new IOException("has a header that does not fit it");
        }
        String header = new String(first.array(), start, (int) length, StandardCharsets.UTF_8);
        Matcher facts = HEADER.matcher(header);
        StoredType type = facts.matches() ? TYPES.get(facts.group(1)) : null;
        if (type == null || facts.group(2).equals("True")) {
            throw new IOException(
                    "is described as %.200s; read are little-endian numbers in C order".formatted(header.strip()));
        }
        long[] shape = shape(facts.group(3));
        long begin = start + length;
        long bytes = bytes(shape, type);
        if (bytes != entry.byteCount() - begin) {
            throw new IOException("has %d bytes of numbers, but %s of shape %s takes %d"
                    .formatted(entry.byteCount() - begin, type, Arrays.toString(shape), bytes));
        }
        return new TensorInfo(name, type, shape, archive.file(), entry.offset() + begin, bytes);
    }

    private static long[] shape(String sizes) throws IOException {
        try {
            return Arrays.stream(sizes.split(",", -1))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IOException("has the impossible shape (" + sizes + ")", e);
        }
    }

    private static long bytes(long[] shape, StoredType type) throws IOException {
        try {
            long bytes = type.bitSize() / Byte.SIZE;
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new IOException("has the impossible shape " + Arrays.toString(shape), e);
        }
    }
}
