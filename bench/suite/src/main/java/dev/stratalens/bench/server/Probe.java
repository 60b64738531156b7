package dev.stratalens.bench.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Asks something again and again while a server is busy, on a thread of its own, and keeps the longest time. */
final class Probe implements AutoCloseable {

    /** What a failure counts as, at least. */
    static final int NO_ANSWER_SECONDS = 30;

    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Callable<?> question;
    private final Thread thread = new Thread(this::ask, "stratalens-bench-probe");
    private volatile boolean over;
    private volatile double longest;

    /** @param question asks once and waits for the answer */
    Probe(Callable<?> question) {
        this.question = question;
        thread.setDaemon(true);
        thread.start();
    }

    /** Seconds. */
    double longest() {
        return longest;
    }

    private void ask() {
        while (!over) {
            long start = System.nanoTime();
            double least = 0;
            try {
                question.call();
            } catch (Exception noAnswer) {
                least = NO_ANSWER_SECONDS;
            }
            longest = Math.max(longest, Math.max(least, (System.nanoTime() - start) / 1e9));
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
