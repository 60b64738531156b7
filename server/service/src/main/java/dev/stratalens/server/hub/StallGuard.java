package dev.stratalens.server.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Ends a body that brings nothing for too long, which the HTTP client by itself would wait for without end. */
final class StallGuard implements AutoCloseable {

    private final InputStream body;
    private final long limitNanos;
    private final ScheduledFuture<?> watch;
    private volatile long lastNanos = System.nanoTime();

    StallGuard(InputStream body, Duration limit, ScheduledExecutorService timer) {
        this.body = body;
        this.limitNanos = limit.toNanos();
        long period = Math.max(1, limitNanos / 4);
        this.watch = timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
    }

    /** The next bytes; -1 at the end, and where the body broke off or stalled: the count of bytes tells these apart. */
    int read(byte[] buffer) {
        try {
            int count = body.read(buffer);
            lastNanos = System.nanoTime();
            return count;
        } catch (IOException brokeOff) {
            return -1;
        }
    }

    private void look() {
        if (System.nanoTime() - lastNanos > limitNanos) {
            try {
                body.close();
            } catch (IOException alreadyBroken) {
                // The reader sees the end either way.
            }
        }
    }

    @Override
    public void close() {
        watch.cancel(false);
    }
}
