package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file's header, versions 2 and 3: keys with values, then the tensors. Their bytes start at the next multiple of
 * the alignment. Nothing here is checked against the rest of the file.
 *
 * @param tensors in the file's order
 * @param size bytes of the header
 */
record GgufHeader(GgufMetadata metadata, List<Entry> tensors, long size) {

    /**
     * A tensor as the header describes it.
     *
     * @param shape sizes, innermost first, possibly beyond the signed range
     * @param offset from the start of the tensors' bytes
     */
    record Entry(String name, long[] shape, int type, long offset) {}

    private static final int MAGIC = 0x46554747;
    private static final int MAXIMUM_KEYS = 1 << 16;
    private static final int MAXIMUM_TENSORS = 1 << 20;

    /** Limit for all lists together; those of a vocabulary have a million or two. */
    private static final int MAXIMUM_VALUES = 1 << 23;

    private static final int MAXIMUM_TEXT = 1 << 24;
    private static final int MAXIMUM_NAME = 1 << 10;
    private static final int MAXIMUM_DIMENSIONS = 4;

    /** Above every header in use; vocabularies take some ten million bytes. */
    static final long MAXIMUM_BYTES = 200_000_000;

    /** Smallest tensor entry: name, count of dimensions, type and offset, with an empty name and no dimensions. */
    private static final int LEAST_TENSOR_BYTES = 24;

    /** Smallest key entry: key, type and value, with an empty key. */
    private static final int LEAST_KEY_BYTES = 13;

    /**
     * Reads the header.
     *
     * @throws InvalidCheckpointException if the file is not a GGUF file, is cut off or damaged
     */
    static GgufHeader read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        long size = Math.min(Files.size(file), MAXIMUM_BYTES);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return new Reader(new GgufInput(in, name, size), name).read();
        }
    }

    private static final class Reader {

        private final GgufInput in;
        private final String file;
        private int listed;

        Reader(GgufInput in, String file) {
            this.in = in;
            this.file = file;
        }

        GgufHeader read() throws IOException {
            checkVersion();
            int tensorCount = in.count("the list of tensors", LEAST_TENSOR_BYTES, MAXIMUM_TENSORS);
            int keyCount = in.count("the list of keys", LEAST_KEY_BYTES, MAXIMUM_KEYS);
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < keyCount; i++) {
                String key = in.text("a key", MAXIMUM_NAME);
                if (values.put(key, value(key, in.int32())) != null) {
                    throw in.corrupt(key, "occurs twice");
                }
                checkSize();
            }
            List<Entry> tensors = new ArrayList<>();
            for (int i = 0; i < tensorCount; i++) {
                tensors.add(tensor());
                checkSize();
            }
            return new GgufHeader(new GgufMetadata(file, values), tensors, in.position());
        }

        private void checkVersion() throws IOException {
            if (in.int32() != MAGIC) {
                throw corrupt("does not begin like a GGUF file. Download it again");
            }
            int version = in.int32();
            if (version != 2 && version != 3) {
                int swapped = Integer.reverseBytes(version);
                throw corrupt(
                        swapped == 2 || swapped == 3
                                ? "is big-endian, which is not supported. Convert the model again without --bigendian"
                                : "has GGUF version %s; supported: 2 and 3. Convert the model again with a newer llama.cpp"
                                        .formatted(Integer.toUnsignedString(version)));
            }
        }

        private void checkSize() {
            if (in.position() > MAXIMUM_BYTES) {
                throw corrupt("has a header of more than %,d bytes".formatted(MAXIMUM_BYTES));
            }
        }

        private Entry tensor() throws IOException {
            String name = in.text("a tensor's name", MAXIMUM_NAME);
            int dimensions = in.int32();
            if (dimensions < 0 || dimensions > MAXIMUM_DIMENSIONS) {
                throw in.corrupt(
                        name,
                        "has %s dimensions; at most %d are read"
                                .formatted(Integer.toUnsignedString(dimensions), MAXIMUM_DIMENSIONS));
            }
            long[] shape = new long[dimensions];
            for (int i = 0; i < dimensions; i++) {
                shape[i] = in.int64();
            }
            return new Entry(name, shape, in.int32(), in.int64());
        }

        private Object value(String key, int type) throws IOException {
            return switch (type) {
                case 0 -> (long) in.bytes(1).get() & 0xFF;
                case 1 -> (long) in.bytes(1).get();
                case 2 -> (long) in.bytes(2).getShort() & 0xFFFF;
                case 3 -> (long) in.bytes(2).getShort();
                case 4 -> Integer.toUnsignedLong(in.int32());
                case 5 -> (long) in.int32();
                case 6 -> (double) in.bytes(4).getFloat();
                case 7 -> in.bytes(1).get() != 0;
                case 8 -> in.text(key, MAXIMUM_TEXT);
                case 9 -> list(key, in.int32());
                case 10, 11 -> in.int64();
                case 12 -> in.bytes(8).getDouble();
                default -> throw in.corrupt(key, "has a value of the unknown type " + Integer.toUnsignedString(type));
            };
        }

        private List<Object> list(String key, int type) throws IOException {
            if (type == 9) {
                throw in.corrupt(key, "is a list of lists, which no known key has");
            }
            int count = in.count(key, leastBytes(type), MAXIMUM_VALUES - listed);
            listed += count;
            List<Object> values = new ArrayList<>(Math.min(count, 1 << 12));
            for (int i = 0; i < count; i++) {
                values.add(value(key, type));
            }
            return values;
        }

        private static int leastBytes(int type) {
            return switch (type) {
                case 2, 3 -> Short.BYTES;
                case 4, 5, 6 -> Integer.BYTES;
                case 8, 10, 11, 12 -> Long.BYTES;
                default -> 1;
            };
        }

        private InvalidCheckpointException corrupt(String what) {
            return InvalidCheckpointException.of(Problem.CORRUPT, file, what);
        }
    }
}
