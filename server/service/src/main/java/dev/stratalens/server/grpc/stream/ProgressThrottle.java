package dev.stratalens.server.grpc.stream;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lets through the first and the last progress of a phase, and of the others no more than people can follow. */
public final class ProgressThrottle<P extends Enum<P>> {

    /** At most, not counting the first and the last. */
    public static final int PER_SECOND = 20;

    static final Duration PAUSE = Duration.ofSeconds(1).dividedBy(PER_SECOND);

    private static final long PAUSE_NANOS = PAUSE.toNanos();

    private final LongSupplier nanoTime;
    private @Nullable P phase;
    private boolean over;
    private long passedAt;

    public ProgressThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.passedAt = nanoTime.getAsLong() - PAUSE_NANOS;
    }

    public synchronized boolean passes(P now, long done, long total) {
        boolean last = done >= total && total > 0;
        if (now == phase && (over || !last)) {
            return passesBetween();
        }
        phase = now;
        over = last;
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
