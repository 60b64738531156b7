package dev.stratalens.spark;

import dev.stratalens.client.error.LensException;
import java.time.Duration;

/** How long a task goes on without an answer. Not thread-safe. */
final class Patience {

    private final Duration most;
    private long since = System.nanoTime();

    Patience(Duration most) {
        this.most = most;
    }

    /** Begins anew: there was an answer. */
    void renew() {
        since = System.nanoTime();
    }

    /**
     * Bears a failure that another server, or the same one later, may not have.
     *
     * @throws LensException the failure itself, if it lasts, or if there has been no answer for too long
     */
    void bear(LensException failure) {
        boolean isKilled = Thread.currentThread().isInterrupted();
        if (isKilled || !passes(failure) || System.nanoTime() - since > most.toNanos()) {
            throw failure;
        }
    }

    /** Whether the same request may succeed elsewhere or later. */
    private static boolean passes(LensException failure) {
        return failure.isRetryable()
                || switch (failure.code()) {
                    case BROKEN_STREAM, CANCELLED, READER_TOO_SLOW, INTERNAL -> true;
                    default -> false;
                };
    }
}
