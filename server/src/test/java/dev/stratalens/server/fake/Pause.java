package dev.stratalens.server.fake;

import dev.stratalens.server.error.LensCancelledException;
import dev.stratalens.server.lens.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A point at which work stops until the test lets it go on. */
public final class Pause {

    private static final long PATIENCE_SECONDS = 20;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch resumed = new CountDownLatch(1);

    /** Waits until the work has come here. */
    public void awaitReached() throws InterruptedException {
        if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The work did not come to its pause.");
        }
    }

    /** Lets the work go on. */
    public void resume() {
        resumed.countDown();
    }

    /** Holds the work, as long as nobody cancels it. */
    void hold(Cancellation cancellation) {
        reached.countDown();
        try {
            do {
                cancellation.throwIfCancelled();
            } while (!resumed.await(1, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCancelledException();
        }
    }
}
