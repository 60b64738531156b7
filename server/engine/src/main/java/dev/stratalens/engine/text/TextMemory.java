package dev.stratalens.engine.text;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds the Java heap that texts take while they are read. The tokenizers library ends the process where it cannot allocate, and it
 * takes some hundred bytes for each byte of a text whose tokens are short. Thread-safe.
 */
final class TextMemory {

    /** A quarter of what the process may have. */
    static final TextMemory OF_PROCESS = new TextMemory(Runtime.getRuntime().maxMemory() / 4);

    /** Measured: 262 for a text of single characters, from the library's arrays and strings for each token. */
    private static final long BYTES_EACH = 300;

    /** Longest text that is read without waiting for others. */
    private static final int BRIEF = 4096;

    private final int most;
    private final Semaphore room;

    /** @param heap bytes of it */
    TextMemory(long heap) {
        most = (int) Math.min(Integer.MAX_VALUE, heap / BYTES_EACH);
        room = new Semaphore(most, true);
    }

    /**
     * Reads a text once there is room beside those that are read now.
     *
     * @throws MemoryLimitExceededException if there never is
     */
    <T> T reading(String text, Supplier<T> read) {
        int length = text.length();
        if (length <= BRIEF) {
            return read.get();
        }
        if (length > most) {
            throw MemoryLimitExceededException.ofText(length * BYTES_EACH, most * BYTES_EACH);
        }
        room.acquireUninterruptibly(length);
        try {
            return read.get();
        } finally {
            room.release(length);
        }
    }
}
