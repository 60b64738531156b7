package dev.stratalens.engine.checkpoint.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF headers, also invalid ones: numbers are not checked. */
public final class GgufBytes {

    static final int UINT32 = 4;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The beginning of a file of version 3. */
    public static GgufBytes header(long tensors, long keys) {
        return new GgufBytes().magic(3).int64(tensors).int64(keys);
    }

    public GgufBytes magic(int version) {
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        return int32(version);
    }

    public GgufBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    public GgufBytes string(String key, String value) {
        return text(key).int32(STRING).text(value);
    }

    public GgufBytes uint32(String key, int value) {
        return text(key).int32(UINT32).int32(value);
    }

    public GgufBytes no(String key) {
        text(key).int32(BOOL);
        out.write(0);
        return this;
    }

    public GgufBytes strings(String key, String... values) {
        text(key).int32(ARRAY).int32(STRING).int64(values.length);
        for (String value : values) {
            text(value);
        }
        return this;
    }

    /**
     * Says where a tensor is.
     *
     * @param shape innermost first
     */
    public GgufBytes tensor(String name, int type, long offset, long... shape) {
        text(name).int32(shape.length);
        for (long size : shape) {
            int64(size);
        }
        return int32(type).int64(offset);
    }

    public GgufBytes int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    public GgufBytes int64(long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    /** The header, filled up to a multiple of 32, and zeros for tensors. */
    public byte[] withData(int bytes) {
        out.writeBytes(new byte[(32 - out.size() % 32) % 32 + bytes]);
        return out.toByteArray();
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
