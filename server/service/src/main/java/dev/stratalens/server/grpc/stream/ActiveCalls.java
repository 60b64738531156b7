package dev.stratalens.server.grpc.stream;

import java.time.Duration;

/** Counts the streams whose last byte has not left yet. Thread-safe. */
public final class ActiveCalls {

    private int count;

    public synchronized void began() {
        count++;
    }

    public synchronized void ended() {
        count--;
        notifyAll();
    }

    /** Waits until no stream is open; false if that takes longer than the limit. */
    public synchronized boolean awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (count > 0) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
