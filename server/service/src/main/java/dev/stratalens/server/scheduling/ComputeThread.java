package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.server.models.ComputeTurns;
import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.threads.SupervisedThread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the cores: a thread that runs the passes of all models, one after the other, and whatever times the
 * machine. Two computations that share cores make each other many times slower, because their threads wait for each other at
 * barriers; and each thread that calls the native library would keep a team of threads of its own. Whoever has work gets a
 * turn in the order in which it asked; within a long pass, the thread can be lent to short ones. It outlives whatever a turn
 * throws. Thread-safe.
 */
public final class ComputeThread implements ComputeTurns, AutoCloseable {

    private final SupervisedThread thread = new SupervisedThread("stratalens-compute", this::work);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Set<Worker> asking = new LinkedHashSet<>();
    private boolean closed;
    // Only of the thread.
    private int loans;

    /** Whoever has something to compute. Called on the computing thread only. */
    interface Worker {

        /** Computes, if there is work. Whoever has more work asks for another turn. */
        void takeTurn();

        /**
         * Runs a pass of short jobs that fit, within another one; false if there are none.
         *
         * @param meanwhile taken between its steps
         */
        boolean takeShortTurn(Load room, Interlude meanwhile);

        /** There will be no turn any more. Called on any thread. */
        default void closed() {}
    }

    public ComputeThread() {
        thread.start();
    }

    /** The thread itself. */
    public SupervisedThread thread() {
        return thread;
    }

    @Override
    public <T> T take(Supplier<T> work) {
        OneTurn<T> turn = new OneTurn<>(work);
        ask(turn);
        return turn.await(() -> withdraw(turn));
    }

    /** Gives a worker one turn later on; does nothing if it asks already. */
    void ask(Worker worker) {
        boolean refused;
        lock.lock();
        try {
            refused = closed;
            if (!refused) {
                asking.add(worker);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            worker.closed();
        }
    }

    /** Whether a worker that asked gets no turn now; false if it has got it, or never asked. */
    private boolean withdraw(Worker worker) {
        lock.lock();
        try {
            return asking.remove(worker);
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
     * first each time, so that none has all the loans. Never throws.
     *
     * @param meanwhile taken between the steps of those jobs
     */
    boolean lend(Load room, Interlude meanwhile) {
        try {
            List<Worker> workers = workers();
            Collections.rotate(workers, loans);
            boolean lent = workers.stream().anyMatch(worker -> worker.takeShortTurn(room, meanwhile));
            loans += lent ? 1 : 0;
            return lent;
        } catch (Throwable fault) {
            Callback.log("a short turn", fault);
            return false;
        }
    }

    private List<Worker> workers() {
        lock.lock();
        try {
            return new ArrayList<>(asking);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread after the turn that is taken now. */
    @Override
    public void close() {
        List<Worker> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(asking);
            asking.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(Worker::closed);
    }

    private void work() {
        for (Worker next = awaitNext(); next != null; next = awaitNext()) {
            Callback.run("a turn of the computing thread", next::takeTurn);
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
