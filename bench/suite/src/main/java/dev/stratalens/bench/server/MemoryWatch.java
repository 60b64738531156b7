package dev.stratalens.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches the anonymous memory of a process, in which mapped weights do not count. Linux only.
 */
public final class MemoryWatch implements AutoCloseable {

    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final long BETWEEN_MILLIS = 2;

    private final LongSupplier memory;
    private final Thread thread = new Thread(this::sample, "stratalens-bench-memory");
    private volatile boolean ended;
    private volatile long peak;

    private MemoryWatch(LongSupplier memory) {
        this.memory = memory;
        this.peak = memory.getAsLong();
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to watch; close it. */
    public static MemoryWatch of(long pid) {
        return new MemoryWatch(() -> anonymousBytes(Path.of("/proc"), pid).orElse(0));
    }

    /** Anonymous bytes of a process now; empty where the system does not tell. */
    public static OptionalLong anonymousBytes(Path proc, long pid) {
        try {
            Matcher matcher = ANONYMOUS.matcher(
                    Files.readString(proc.resolve(Long.toString(pid)).resolve("status")));
            return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Largest number of bytes so far. */
    public long peak() {
        return peak;
    }

    private void sample() {
        while (!ended) {
            peak = Math.max(peak, memory.getAsLong());
            try {
                Thread.sleep(BETWEEN_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
