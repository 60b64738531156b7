package dev.stratalens.server.scheduler;

import dev.stratalens.server.error.LensCancelledException;
import dev.stratalens.server.error.LensFailure;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.lens.Interlude;
import dev.stratalens.server.lens.LensEngine;
import dev.stratalens.server.registry.ModelState;
import dev.stratalens.server.registry.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one model, first come, first served among those of a kind, and the one thread that computes them. Jobs may come before the model
 * is loaded; they wait here and hear how far it is. Thread-safe; a job's listener is never called under the lock.
 */
final class ModelQueue {

    private final String model;
    private final SchedulerLimits limits;
    private final ComputeGate gate;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final List<LensJob> waiting = new ArrayList<>();
    private @Nullable LensJob running;
    private ModelState state;
    private boolean stopping;

    ModelQueue(ServedModel model, SchedulerLimits limits, ComputeGate gate) {
        this.model = model.name();
        this.limits = limits;
        this.gate = gate;
        this.state = model.state();
        Thread thread = new Thread(this::computeAll, "stratalens-compute-" + this.model);
        thread.setDaemon(true);
        thread.start();
        model.observe(this::modelBecomes);
    }

    /** Takes a job in, or fails it. */
    void submit(LensJob job) {
        job.enters(this);
        try {
            // A bad request is refused here and now, not after its turn has come.
            if (state() instanceof ModelState.Ready ready) {
                job.admit(ready.engine(), limits.maxRequestBytes());
            }
            add(job);
        } catch (Throwable refusal) {
            job.fail(refusal);
        }
        report();
    }

    /** Fails a job that waits; one that runs looks for its cancellation itself. */
    void withdraw(LensJob job) {
        withdraw(job, new LensCancelledException());
    }

    /** Takes no more jobs. */
    void refuseJobs() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the jobs that wait or run with a reason. */
    void stopJobs(LensFailure reason) {
        List<LensJob> jobs;
        lock.lock();
        try {
            jobs = new ArrayList<>(waiting);
            if (running != null) {
                jobs.add(running);
            }
        } finally {
            lock.unlock();
        }
        jobs.forEach(job -> job.stop(reason));
    }

    /** Waits until no job waits or runs; false if that takes longer than the limit. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (running != null || !waiting.isEmpty()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private ModelState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void add(LensJob job) throws Throwable {
        lock.lock();
        try {
            job.throwIfCancelled();
            if (stopping) {
                throw new ServerStoppingException();
            }
            if (state instanceof ModelState.Failed failed) {
                throw failed.failure();
            }
            if (job.whenFull() == WhenFull.REFUSE && isFull()) {
                throw new QueueFullException(model, limits.queueCapacity());
            }
            waiting.add(place(job), job);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Last, but a job that could be refused waits for no more than one of those that could not before its turn, and one
     * between it and the next of its kind: a batch neither holds up single callers nor starves behind them.
     */
    private int place(LensJob job) {
        if (job.whenFull() == WhenFull.WAIT) {
            return waiting.size();
        }
        int last = waiting.size() - 1;
        while (last >= 0 && waiting.get(last).whenFull() == WhenFull.WAIT) {
            last--;
        }
        return Math.min(last + 2, waiting.size());
    }

    private boolean isFull() {
        long counted = waiting.stream()
                .filter(other -> other.whenFull() == WhenFull.REFUSE)
                .count();
        return counted + (running == null ? 0 : 1) > limits.queueCapacity();
    }

    private void withdraw(LensJob job, Throwable failure) {
        lock.lock();
        try {
            if (!waiting.remove(job)) {
                return;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        job.fail(failure);
        report();
    }

    private void modelBecomes(ModelState next) {
        List<LensJob> early;
        lock.lock();
        try {
            state = next;
            early = List.copyOf(waiting);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (next instanceof ModelState.Ready ready) {
            early.forEach(job -> admit(job, ready.engine()));
        } else if (next instanceof ModelState.Failed failed) {
            early.forEach(job -> withdraw(job, failed.failure()));
        }
        report();
    }

    private void admit(LensJob job, LensEngine engine) {
        try {
            job.admit(engine, limits.maxRequestBytes());
        } catch (RuntimeException | Error refusal) {
            withdraw(job, refusal);
        }
    }

    /** Tells the waiting jobs what they wait for. */
    private void report() {
        List<LensJob> jobs;
        ModelState now;
        int ahead;
        lock.lock();
        try {
            jobs = List.copyOf(waiting);
            now = state;
            ahead = running == null ? 0 : 1;
        } finally {
            lock.unlock();
        }
        for (LensJob job : jobs) {
            if (now instanceof ModelState.Loading loading) {
                job.reportLoading(loading.done(), loading.total());
            } else {
                job.reportAhead(ahead++);
            }
        }
    }

    private void computeAll() {
        while (awaitJob()) {
            gate.enter();
            try {
                computeNext();
            } finally {
                gate.leave();
            }
        }
    }

    /** Waits for a job that can run; false if none will ever come. */
    private boolean awaitJob() {
        lock.lock();
        try {
            while (waiting.isEmpty() || !(state instanceof ModelState.Ready)) {
                if (state instanceof ModelState.Failed || (stopping && waiting.isEmpty())) {
                    return false;
                }
                changed.awaitUninterruptibly();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Computes the first job, if it has not been withdrawn meanwhile. Several waiting jobs can become one batch here: the
     * model is loaded, the cores are ours, and jobs that come later are not looked at before this returns.
     */
    private void computeNext() {
        LensJob job;
        LensEngine engine;
        lock.lock();
        try {
            if (waiting.isEmpty() || !(state instanceof ModelState.Ready ready)) {
                return;
            }
            engine = ready.engine();
            job = waiting.remove(0);
            running = job;
        } finally {
            lock.unlock();
        }
        report();
        job.start(engine, limits.maxRequestBytes()).ifPresent(task -> engine.run(List.of(task), Interlude.NONE));
        lock.lock();
        try {
            running = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        report();
    }
}
