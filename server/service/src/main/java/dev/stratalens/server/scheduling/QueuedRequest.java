package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.Load;
import dev.stratalens.server.threads.CallsInOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the scheduler. Submitted once, it ends with exactly one outcome. Its listener is never called
 * under a lock, and nothing that this calls throws. Thread-safe.
 */
public final class QueuedRequest implements Cancellation {

    private final RequestedPlan request;
    private final Optional<RequestedGeneration> generation;
    private final RequestListener listener;
    private final WhenFull whenFull;
    private final Admission admission;
    private final long submittedNanos = System.nanoTime();
    private final CallsInOrder reports = new CallsInOrder("the listener of a request");
    private volatile @Nullable ModelQueue queue;
    private volatile @Nullable LensFailure stopReason;
    private volatile boolean held;
    private boolean alone;
    private Optional<Duration> patience = Optional.empty();
    private long enteredNanos;
    // Guarded by this.
    private Stage stage = Stage.WAITING;
    private @Nullable RequestGrant grant;
    private final WaitingReports waiting = new WaitingReports();
    // Only of the computing thread.
    private final PassListener passes;

    private enum Stage {
        WAITING,
        RUNNING,
        ENDED
    }

    /** A request without limits, which a full queue refuses. */
    public QueuedRequest(RequestedPlan request, RequestListener listener) {
        this(request, listener, WhenFull.REFUSE, Admission.free(Caller.ANYBODY));
    }

    /** @param admission whose turns it takes, and within which limits; closed when the request ends, which it does once submitted */
    public QueuedRequest(RequestedPlan request, RequestListener listener, WhenFull whenFull, Admission admission) {
        this(request, Optional.empty(), listener, whenFull, admission);
    }

    /**
     * A request that may generate.
     *
     * @param generation what is generated after the prompt; empty for nothing
     */
    public QueuedRequest(
            RequestedPlan request,
            Optional<RequestedGeneration> generation,
            RequestListener listener,
            WhenFull whenFull,
            Admission admission) {
        this.request = request;
        this.generation = generation;
        this.listener = listener;
        this.whenFull = whenFull;
        this.admission = admission;
        this.passes = new PassListener(listener, admission, this::completed, this::failed);
    }

    /** Says how long its caller waits for the answer; without this, without limit. To be called before it is submitted. */
    public void answerWithin(Duration limit) {
        patience = Optional.of(limit);
    }

    /** Has it computed in a pass of its own. To be called before it is submitted. */
    public void runAlone() {
        alone = true;
    }

    /** Whether it is computed in a pass of its own. */
    boolean isAlone() {
        return alone;
    }

    /** Ends the request: at once if it waits, within one block or tile if it runs, not at all if it has ended. */
    public void cancel() {
        stop(new LensCanceledException());
    }

    /** Has a request that does not run yet wait until its caller is ready for results, or lets it go on. */
    public void hold(boolean waits) {
        held = waits;
        ModelQueue holder = queue;
        if (!waits && holder != null) {
            holder.mayGoOn();
        }
    }

    @Override
    public boolean isCancelled() {
        return stopReason != null;
    }

    /** As {@link #cancel}, with another reason for the caller. */
    void stop(LensFailure reason) {
        // First the reason, then the queue: a queue that takes the request in meanwhile looks for a reason afterwards.
        if (stopReason == null) {
            stopReason = reason;
        }
        ModelQueue holder = queue;
        if (holder != null) {
            holder.withdraw(this);
        }
    }

    WhenFull whenFull() {
        return whenFull;
    }

    Caller caller() {
        return admission.caller();
    }

    TextSize textSize() {
        return TextSize.of(request);
    }

    /** @param nanoTime by the clock of the queue */
    void enters(ModelQueue holder, long nanoTime) {
        enteredNanos = nanoTime;
        queue = holder;
    }

    /** Time until its caller waits no more, by the clock of its queue; empty if the caller waits without limit. */
    OptionalLong nanosLeft(long nanoTime) {
        return patience.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(patience.get().toNanos() - (nanoTime - enteredNanos));
    }

    /**
     * Plans the request for the model, which reads its text, and checks its size.
     *
     * @return whether the request has taken the lease, which {@link #release} ends; false if it has one, or has ended
     */
    boolean plan(Lease lease, long maxRequestBytes) {
        if (isPast()) {
            return false;
        }
        return take(RequestGrant.of(lease, request, generation, listener, admission, maxRequestBytes));
    }

    /** Whether it generates, and its first pass has not begun. */
    boolean isNewGeneration() {
        RequestGrant granted = grantIfAny();
        return granted != null && granted.turns().isPresent() && !granted.hasBegun();
    }

    /** Memory that its text will take between its passes. Only of one that is planned. */
    long stateBytes() {
        return grant().stateBytes();
    }

    /** Memory that its text takes now. */
    long keptBytes() {
        RequestGrant granted = grantIfAny();
        return granted != null && granted.hasBegun() ? granted.stateBytes() : 0;
    }

    /** Whether its pass has ended and another one is to come. */
    boolean waitsAgain() {
        RequestGrant granted = grantIfAny();
        return isRunning() && granted != null && granted.goesOn();
    }

    private synchronized boolean isRunning() {
        return stage == Stage.RUNNING;
    }

    private synchronized boolean isPast() {
        return grant != null || stage == Stage.ENDED;
    }

    private synchronized boolean take(RequestGrant granted) {
        if (isPast()) {
            return false;
        }
        grant = granted;
        return true;
    }

    /** Lets the model go; called by the owner of the queue or pass that it left, and not under any lock. */
    void release() {
        RequestGrant ended;
        synchronized (this) {
            ended = grant;
            grant = null;
        }
        if (ended != null) {
            ended.close();
        }
    }

    synchronized boolean isPlanned() {
        return grant != null;
    }

    /** Whether it may run now. */
    boolean isRunnable() {
        return !held && isPlanned();
    }

    /** What it takes of its next pass. Only of one that is planned. */
    Load load() {
        return grant().load();
    }

    /** The part of {@link Load#work} that is done in its pass. On the computing thread, before it is released. */
    long workDone() {
        return passes.workDone(grant());
    }

    /** The engine that computes it. Only of one that is planned. */
    LensEngine engine() {
        return grant().engine();
    }

    /** Tells how far the model is that it waits for. */
    void reportLoading(ServingState.Loading now) {
        synchronized (this) {
            if (stage != Stage.WAITING || !waiting.isNews(now)) {
                return;
            }
            reports.add(() -> listener.loading(now));
        }
        reports.makeAll();
    }

    /** Tells how many requests come first. */
    void reportAhead(int ahead) {
        synchronized (this) {
            if (stage != Stage.WAITING || !waiting.isNews(ahead)) {
                return;
            }
            reports.add(() -> listener.queued(ahead));
        }
        reports.makeAll();
    }

    /** Begins to run in a pass; false if the request ended instead. It must be planned, and have left its queue. */
    // Throwable: an error in one request must reach its caller and must not end the thread that serves the others.
    boolean start() {
        try {
            throwIfCanceled();
            reportAhead(0);
            RequestGrant granted = grant();
            if (!passes.begins(granted)) {
                return true;
            }
            enter(Stage.RUNNING);
            reports.finish();
            listener.started(new RequestStart(
                    granted.engine(),
                    granted.planned(),
                    granted.bytes(),
                    Duration.ofNanos(System.nanoTime() - submittedNanos),
                    generation.isPresent()));
            return true;
        } catch (Throwable failure) {
            failed(failure);
            return false;
        }
    }

    /** Tells the listener of a request that runs again how far it is, as others compute now, on the thread that computes. */
    void othersCompute() {
        if (isRunning()) {
            try {
                passes.tellProgress();
            } catch (Throwable failure) {
                failed(failure);
            }
        }
    }

    private RequestGrant grant() {
        return requireNonNull(grantIfAny());
    }

    private synchronized @Nullable RequestGrant grantIfAny() {
        return grant;
    }

    /** Its plan, for the pass that it has begun. */
    WantedPlan wanted() {
        RequestGrant granted = grant();
        return new WantedPlan(granted.plan(), passes, this, granted.turns().map(GenerationTurns::continuation));
    }

    private void completed(LensOutcome outcome) {
        leave();
        listener.completed(outcome);
        enter(Stage.ENDED);
    }

    /** Ends the request without a result, unless it has ended. Called by the owner of the queue that it left. */
    void failed(Throwable failure) {
        synchronized (this) {
            if (!enter(Stage.ENDED)) {
                return;
            }
            LensFailure reason = stopReason;
            Throwable told = reason != null && failure instanceof LensCanceledException ? reason : failure;
            reports.add(() -> listener.failed(told));
        }
        leave();
        reports.makeAll();
    }

    private void leave() {
        ModelQueue holder = queue;
        if (holder != null) {
            holder.leave(this);
        }
        admission.close();
    }

    private synchronized boolean enter(Stage next) {
        boolean changes = stage != next;
        stage = next;
        return changes;
    }
}
