package dev.stratalens.engine.checkpoint;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes a safetensors file: texts by name, and tensors in the order in which they are given. */
public final class SafetensorsWriter {

    /** Writes the bytes of a tensor, little-endian and row-major. */
    @FunctionalInterface
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    /**
     * The numbers of a tensor.
     *
     * @param shape sizes, outermost first. Not copied: read-only.
     */
    public record Numbers(StoredType type, long[] shape, Content content) {

        long byteCount() {
            return LongStream.of(shape).reduce(1, (a, b) -> a * b) * type.bitSize() / Byte.SIZE;
        }
    }

    private SafetensorsWriter() {}

    /**
     * Writes a file.
     *
     * @param metadata texts by name
     * @param tensors by name
     */
    public static void write(Map<String, String> metadata, Map<String, Numbers> tensors, OutputStream out)
            throws IOException {
        byte[] header = header(metadata, tensors).getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (Numbers tensor : tensors.values()) {
            tensor.content().write(out);
        }
    }

    /** Padded by spaces, so that numbers of four bytes lie where they can be mapped. */
    private static String header(Map<String, String> metadata, Map<String, Numbers> tensors) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("__metadata__").beginObject();
            for (Map.Entry<String, String> fact : metadata.entrySet()) {
                json.name(fact.getKey()).value(fact.getValue());
            }
            json.endObject();
            long end = 0;
            for (Map.Entry<String, Numbers> tensor : tensors.entrySet()) {
                Numbers numbers = tensor.getValue();
                json.name(tensor.getKey()).beginObject();
                json.name("dtype").value(numbers.type().name()).name("shape").beginArray();
                for (long size : numbers.shape()) {
                    json.value(size);
                }
                json.endArray().name("data_offsets").beginArray();
                json.value(end).value(end += numbers.byteCount());
                json.endArray().endObject();
            }
            json.endObject();
        }
        String header = text.toString();
        int bytes = header.getBytes(StandardCharsets.UTF_8).length;
        return header + " ".repeat((Long.BYTES - bytes % Long.BYTES) % Long.BYTES);
    }
}
