package dev.stratalens.server.grpc.stream;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lets through the first and the last progress of a phase, and of the others no more than people can follow. */
public final class ProgressThrottle<P extends Enum<P>> {

    /** At most, beside the first and the last. */
    public static final int PER_SECOND = 20;

    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos() / PER_SECOND;

    private final LongSupplier nanoTime;
    private @Nullable P phase;
    private long passedAt;

    public ProgressThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.passedAt = nanoTime.getAsLong() - PAUSE_NANOS;
    }

    public synchronized boolean passes(P now, long done, long total) {
        if (now == phase && (done < total || total == 0)) {
            return passesBetween();
        }
        phase = now;
        passedAt = nanoTime.getAsLong();
        return true;
    }

    /** Whether one passes that is neither the first nor the last. */
    public synchronized boolean passesBetween() {
        long time = nanoTime.getAsLong();
        boolean passes = time - passedAt >= PAUSE_NANOS;
        if (passes) {
            passedAt = time;
        }
        return passes;
    }
}
