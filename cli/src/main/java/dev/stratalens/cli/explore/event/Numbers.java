package dev.stratalens.cli.explore.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** 4-byte numbers on their way to the page, which reads them without parsing. */
final class Numbers {

    private final ByteBuffer bytes;

    /**
     * Creates room for numbers. All of them must be added.
     *
     * @param count how many
     */
    Numbers(int count) {
        bytes = ByteBuffer.allocate(Math.multiplyExact(count, Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    }

    void add(int value) {
        bytes.putInt(value);
    }

    void add(float value) {
        bytes.putFloat(value);
    }

    /** All of them. */
    String base64() {
        if (bytes.hasRemaining()) {
            throw new IllegalStateException(bytes.remaining() / Integer.BYTES + " numbers are missing");
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
