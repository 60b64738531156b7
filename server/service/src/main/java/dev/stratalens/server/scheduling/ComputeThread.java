package dev.stratalens.server.scheduling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the cores: a thread that runs the passes of all models, one after the other. Two computations that
 * share cores make each other many times slower, because their threads wait for each other at barriers; and each thread
 * that calls the native library would keep a team of threads of its own. Models get their turns in the order in which they
 * asked; within a long pass, the thread can be lent to short ones. Thread-safe.
 */
final class ComputeThread implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Set<Worker> asking = new LinkedHashSet<>();
    private boolean closed;
    // Only of the thread.
    private int loans;

    /** Whoever has passes to run. Called on the computing thread only. */
    interface Worker {

        /** Runs a pass, if there is work. Whoever has more work asks for another turn. Must not throw. */
        void takeTurn();

        /** Runs a pass of short jobs that fit, within another one; false if there are none. Must not throw. */
        boolean takeShortTurn(Load room);
    }

    ComputeThread() {
        Thread thread = new Thread(this::work, "stratalens-compute");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gives a worker one turn later on; does nothing if it asks already. */
    void ask(Worker worker) {
        lock.lock();
        try {
            asking.add(worker);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether another worker waits for its turn. */
    boolean isAskedByOthers(Worker worker) {
        lock.lock();
        try {
            return asking.size() > (asking.contains(worker) ? 1 : 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets one worker run short jobs, within a pass and on its thread; false if no worker has any. Another worker is asked
     * first each time, so that none has all the loans.
     */
    boolean lend(Load room) {
        List<Worker> workers;
        lock.lock();
        try {
            workers = new ArrayList<>(asking);
        } finally {
            lock.unlock();
        }
        Collections.rotate(workers, loans);
        boolean lent = workers.stream().anyMatch(worker -> worker.takeShortTurn(room));
        loans += lent ? 1 : 0;
        return lent;
    }

    /** Ends the thread after the pass that runs. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        Worker next = awaitNext();
        while (next != null) {
            next.takeTurn();
            next = awaitNext();
        }
    }

    /** The worker whose turn it is; null once closed. */
    private @Nullable Worker awaitNext() {
        lock.lock();
        try {
            while (asking.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            Worker next = asking.iterator().next();
            asking.remove(next);
            return next;
        } finally {
            lock.unlock();
        }
    }
}
