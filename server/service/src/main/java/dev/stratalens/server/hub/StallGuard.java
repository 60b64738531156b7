package dev.stratalens.server.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A body that breaks off when it brings nothing for too long; the HTTP client by itself would wait without end. */
final class StallGuard extends FilterInputStream {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "stratalens-stall");
        thread.setDaemon(true);
        return thread;
    });

    private final long limitNanos;
    private final ScheduledFuture<?> watch;
    private volatile long lastNanos = System.nanoTime();

    StallGuard(InputStream body, Duration limit) {
        super(body);
        this.limitNanos = limit.toNanos();
        long period = Math.max(1, limitNanos / 4);
        this.watch = TIMER.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        lastNanos = System.nanoTime();
        return count;
    }

    private void look() {
        if (System.nanoTime() - lastNanos > limitNanos) {
            try {
                super.close();
            } catch (IOException alreadyBroken) {
                // The reader sees the end either way.
            }
        }
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        super.close();
    }
}
