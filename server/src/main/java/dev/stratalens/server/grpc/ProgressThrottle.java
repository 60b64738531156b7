package dev.stratalens.server.grpc;

import dev.stratalens.v1.Phase;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets through the first and the last progress of a phase, and of the others no more than people can follow. */
final class ProgressThrottle {

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final LongSupplier nanoTime;
    private Phase phase = Phase.PHASE_UNSPECIFIED;
    private long passedAt;

    ProgressThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized boolean passes(Phase now, int done, int total) {
        long time = nanoTime.getAsLong();
        boolean passes = now != phase || (done == total && total > 0) || time - passedAt >= PAUSE_NANOS;
        if (passes) {
            phase = now;
            passedAt = time;
        }
        return passes;
    }
}
