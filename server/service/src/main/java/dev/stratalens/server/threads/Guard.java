package dev.stratalens.server.threads;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A lock around some state: steps are taken under it, one at a time, and each wakes those who wait for a change. */
public final class Guard {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Takes a step under the lock. */
    public void run(Runnable step) {
        get(() -> {
            step.run();
            return true;
        });
    }

    /** Takes a step under the lock that gives something. */
    public <T> T get(Supplier<T> step) {
        lock.lock();
        try {
            T result = step.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something holds; false if that takes longer than the limit. */
    public boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = limit.toNanos();
            while (!condition.getAsBoolean() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** Within a step, lets others take theirs until no time is left; what is left is asked for after each. */
    public void awaitWhile(LongSupplier nanosLeft) throws InterruptedException {
        for (long nanos = nanosLeft.getAsLong(); nanos > 0; nanos = nanosLeft.getAsLong()) {
            var unused = changed.awaitNanos(nanos);
        }
    }

    /** Within a step, lets others take theirs until something holds. */
    public void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            changed.awaitUninterruptibly();
        }
    }
}
