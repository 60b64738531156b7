package dev.stratalens.server.grpc.stream;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one reader has stayed away from what waits for it, in total over its call. Taking a little does not begin the count
 * anew: what is taken pays for as long as a slow but honest connection needs for it, and no more. Not thread-safe.
 */
final class ReaderPatience {

    /** Bytes a second below which a reader counts as away: half a megabit. */
    static final int PACE = 64 << 10;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long limitNanos;
    private final LongSupplier nanoTime;
    private boolean waiting;
    private long sinceNanos;
    private long awayNanos;

    ReaderPatience(Duration limit, LongSupplier nanoTime) {
        this.limitNanos = limit.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Says whether anything waits for the reader from now on. */
    void waits(boolean anything) {
        count();
        waiting = anything;
    }

    /** The reader took so many bytes. */
    void took(long bytes) {
        count();
        awayNanos = Math.max(0, awayNanos - (long) (bytes * NANOS_PER_SECOND / PACE));
    }

    /** Whether the reader has stayed away for too long. */
    boolean isOver() {
        count();
        return awayNanos >= limitNanos;
    }

    /** How long it has stayed away. */
    Duration away() {
        count();
        return Duration.ofNanos(awayNanos);
    }

    private void count() {
        long now = nanoTime.getAsLong();
        if (waiting) {
            awayNanos += now - sinceNanos;
        }
        sinceNanos = now;
    }
}
