package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.LensRequest;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ModelState;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request on its way through the scheduler. Submitted once, it ends with exactly one outcome. Thread-safe. */
public final class LensJob implements Cancellation, PassPlanner.Candidate {

    private final LensRequest request;
    private final JobListener listener;
    private final WhenFull whenFull;
    private final long submittedNanos = System.nanoTime();
    private volatile @Nullable ModelQueue queue;
    private volatile @Nullable LensFailure stopReason;
    // Guarded by this.
    private Stage stage = Stage.WAITING;
    private @Nullable Admission admission;
    private ModelState.@Nullable Loading reportedLoading;
    private int reportedAhead = Integer.MAX_VALUE;

    private enum Stage {
        WAITING,
        RUNNING,
        ENDED
    }

    /** A plan, the memory that was granted for it, and the hold on the model that computes it. */
    record Admission(Lease lease, PlannedRequest planned, long bytes, boolean shares) {

        private Load load() {
            return new Load(planned.plan().tokenIds().length, bytes);
        }
    }

    /** A job that a full queue refuses. */
    public LensJob(LensRequest request, JobListener listener) {
        this(request, listener, WhenFull.REFUSE);
    }

    public LensJob(LensRequest request, JobListener listener, WhenFull whenFull) {
        this.request = request;
        this.listener = listener;
        this.whenFull = whenFull;
    }

    /** Ends the job: at once if it waits, within one block or tile if it runs, not at all if it has ended. */
    public void cancel() {
        stop(new LensCancelledException());
    }

    @Override
    public boolean isCancelled() {
        return stopReason != null;
    }

    /** As {@link #cancel}, with another reason for the caller. */
    void stop(LensFailure reason) {
        // First the reason, then the queue: a queue that takes the job in meanwhile looks for a reason afterwards.
        if (stopReason == null) {
            stopReason = reason;
        }
        ModelQueue holder = queue;
        if (holder != null) {
            holder.withdraw(this);
        }
        listener.stopping();
    }

    WhenFull whenFull() {
        return whenFull;
    }

    void enters(ModelQueue holder) {
        queue = holder;
    }

    /**
     * Holds the request against the model, and its memory need against the limit.
     *
     * @return whether the job has taken the lease, which {@link #release} ends; false if it has one, or has ended
     */
    synchronized boolean admit(Lease lease, long maxRequestBytes) {
        if (admission != null || stage == Stage.ENDED) {
            return false;
        }
        LensEngine engine = lease.engine();
        PlannedRequest planned = LensPlanner.plan(request, engine.description(), engine.tokenizer());
        long bytes = engine.memoryNeed(planned.plan());
        if (bytes > maxRequestBytes) {
            throw new MemoryLimitExceededException(bytes, maxRequestBytes);
        }
        admission = new Admission(lease, planned, bytes, listener.neverWaits(planned.plan(), engine.description()));
        return true;
    }

    /** Lets the model go; called by whoever took the job out of its queue or pass, and not under any lock. */
    void release() {
        Admission ended;
        synchronized (this) {
            ended = admission;
            admission = null;
        }
        if (ended != null) {
            ended.lease().close();
        }
    }

    synchronized boolean isAdmitted() {
        return admission != null;
    }

    /** Only of one that is admitted. */
    @Override
    public Load load() {
        return admission().load();
    }

    /** Only of one that is admitted. */
    @Override
    public boolean shares() {
        return admission().shares();
    }

    /** The engine that computes it. Only of one that is admitted. */
    LensEngine engine() {
        return admission().lease().engine();
    }

    /** Reports come from several threads and may overtake each other: one that says less than was said is dropped. */
    synchronized void reportLoading(ModelState.Loading now) {
        if (stage == Stage.WAITING && reportedAhead == Integer.MAX_VALUE && !saysLess(now)) {
            reportedLoading = now;
            listener.loading(now);
        }
    }

    private boolean saysLess(ModelState.Loading now) {
        ModelState.Loading before = reportedLoading;
        return before != null
                && (now.step() == before.step()
                        ? now.done() < before.done()
                        : now.step().compareTo(before.step()) < 0);
    }

    /** As {@link #reportLoading}: a queue only gets shorter. */
    synchronized void reportAhead(int ahead) {
        if (stage == Stage.WAITING && ahead < reportedAhead) {
            reportedAhead = ahead;
            listener.queued(ahead);
        }
    }

    /** Begins to run, as a task of a pass; empty if the job ended instead. It must be admitted, and have left its queue. */
    // Throwable: an error in one job must reach its caller and must not end the thread that serves the others.
    Optional<LensTask> start() {
        try {
            throwIfCancelled();
            reportAhead(0);
            Admission granted = admission();
            enter(Stage.RUNNING);
            // Not under the monitor from here on: the listener may wait for a slow reader.
            JobResults results = listener.started(new JobStart(
                    granted.lease().engine(),
                    granted.planned(),
                    granted.bytes(),
                    Duration.ofNanos(System.nanoTime() - submittedNanos)));
            return Optional.of(new RunningTask(granted.planned().plan(), results));
        } catch (Throwable failure) {
            fail(failure);
            return Optional.empty();
        }
    }

    private synchronized Admission admission() {
        return requireNonNull(admission);
    }

    private final class RunningTask implements LensTask {

        private final LensPlan plan;
        private final JobResults results;

        private RunningTask(LensPlan plan, JobResults results) {
            this.plan = plan;
            this.results = results;
        }

        @Override
        public LensPlan plan() {
            return plan;
        }

        @Override
        public LensListener listener() {
            return results;
        }

        @Override
        public Cancellation cancellation() {
            return LensJob.this;
        }

        @Override
        public void completed(LensOutcome outcome) {
            try {
                leave();
                results.completed(outcome);
                enter(Stage.ENDED);
            } catch (Throwable failure) {
                fail(failure);
            }
        }

        @Override
        public void failed(Throwable failure) {
            fail(failure);
        }
    }

    /** Ends the job without a result, unless it has ended. Called by whoever took it out of its queue. */
    void fail(Throwable failure) {
        if (enter(Stage.ENDED)) {
            leave();
            LensFailure reason = stopReason;
            listener.failed(reason != null && failure instanceof LensCancelledException ? reason : failure);
        }
    }

    private void leave() {
        ModelQueue holder = queue;
        if (holder != null) {
            holder.leave(this);
        }
    }

    private synchronized boolean enter(Stage next) {
        boolean changes = stage != next;
        stage = next;
        return changes;
    }
}
