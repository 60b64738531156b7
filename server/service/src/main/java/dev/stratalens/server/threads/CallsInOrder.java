package dev.stratalens.server.threads;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Calls in the order in which they were added, one at a time, on the first thread that comes. They are added under the
 * lock of whatever they tell of, so that their order is that of the events, and made without it: a call may wait for
 * another thread that needs the lock. Whatever a call throws is logged. Thread-safe.
 */
public final class CallsInOrder {

    private final String called;
    // Guarded by this.
    private final Deque<Runnable> left = new ArrayDeque<>();
    private @Nullable Thread calling;

    /** @param called what is called, for the log */
    public CallsInOrder(String called) {
        this.called = called;
    }

    /** Adds a call; {@link #makeAll} makes it. */
    public synchronized void add(Runnable call) {
        left.add(call);
    }

    /** Makes the calls that are left, unless another thread does already. Not to be called under a lock. */
    public void makeAll() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                Callback.run(called, next);
            } finally {
                ended();
            }
        }
    }

    /** As {@link #makeAll}, but waits for the call that another thread makes: after this, what came before is over. */
    public void finish() {
        makeAll();
        boolean interrupted = false;
        synchronized (this) {
            while (calling != null && calling != Thread.currentThread()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (calling != null || left.isEmpty()) {
            return null;
        }
        calling = Thread.currentThread();
        return left.remove();
    }

    private synchronized void ended() {
        calling = null;
        notifyAll();
    }
}
