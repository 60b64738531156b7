package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.LensPrompt;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.plan.RequestedPlan;
import dev.stratalens.engine.lens.plan.RequestedTarget;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.threads.CallsInOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the scheduler. Submitted once, it ends with exactly one outcome. Its listener is never called
 * under a lock, and nothing that this calls throws. Thread-safe.
 */
public final class QueuedRequest implements LensListener, Cancellation {

    /** Characters, or ids. Reading so many takes a millisecond at most. */
    private static final int BRIEF = 1024;

    /** Tokens in a block that take as long as a cell, on a small model, whose unembedding is large for it. */
    private static final int CELL_WORK = 4;

    private final RequestedPlan request;
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
    private @Nullable Grant grant;
    private ServingState.@Nullable Loading reportedLoading;
    private int reportedAhead = Integer.MAX_VALUE;
    // Only of the computing thread.
    private Phase phase = Phase.FORWARD;
    private long done;
    private long total;

    private enum Stage {
        WAITING,
        RUNNING,
        ENDED
    }

    /** A plan, the memory that was granted for it, and the hold on the model that computes it. */
    private record Grant(Lease lease, PlannedRequest planned, long bytes) {}

    /** A request of anybody that a full queue refuses. */
    public QueuedRequest(RequestedPlan request, RequestListener listener) {
        this(request, listener, WhenFull.REFUSE, Admission.free(Caller.ANYBODY));
    }

    /** @param admission whose turns it takes, and within which limits; closed when the request ends, which it does once submitted */
    public QueuedRequest(RequestedPlan request, RequestListener listener, WhenFull whenFull, Admission admission) {
        this.request = request;
        this.listener = listener;
        this.whenFull = whenFull;
        this.admission = admission;
    }

    /** Says how long its caller waits for the answer; without this, for ever. To be called before it is submitted. */
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

    /** Whether its text is read sooner than it is handed to another thread. */
    boolean isBrief() {
        return textSize() <= BRIEF;
    }

    /** Characters and ids in its texts. */
    int textSize() {
        int size = request.targets().stream()
                .mapToInt(target -> target instanceof RequestedTarget.Text word
                        ? word.text().length()
                        : 1)
                .sum();
        for (LensPrompt prompt : request.prompts()) {
            size += Math.min(textSize(prompt), Integer.MAX_VALUE - size);
        }
        return size;
    }

    private static int textSize(LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            return text.text().length();
        }
        if (prompt instanceof LensPrompt.TokenIds tokens) {
            return tokens.ids().length;
        }
        // A template is a program.
        return Integer.MAX_VALUE;
    }

    /** @param nanoTime by the clock of the queue */
    void enters(ModelQueue holder, long nanoTime) {
        enteredNanos = nanoTime;
        queue = holder;
    }

    /** Time until its caller waits no more, by the clock of its queue; empty if the caller waits for ever. */
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
        LensEngine engine = lease.engine();
        PlannedRequest planned =
                LensPlanner.plan(request, engine.description(), engine.tokenizer(), engine.knownLenses());
        long bytes = engine.memoryNeed(planned.plan()) + listener.memoryNeed(planned.plan(), engine.description());
        if (bytes > maxRequestBytes) {
            throw new MemoryLimitExceededException(bytes, maxRequestBytes);
        }
        admission.planned(planned.plan().promptTokens(), planned.plan().cellCount());
        return take(new Grant(lease, planned, bytes));
    }

    private synchronized boolean isRunning() {
        return stage == Stage.RUNNING;
    }

    private synchronized boolean isPast() {
        return grant != null || stage == Stage.ENDED;
    }

    private synchronized boolean take(Grant granted) {
        if (isPast()) {
            return false;
        }
        grant = granted;
        return true;
    }

    /** Lets the model go; called by the owner of the queue or pass that it left, and not under any lock. */
    void release() {
        Grant ended;
        synchronized (this) {
            ended = grant;
            grant = null;
        }
        if (ended != null) {
            ended.lease().close();
        }
    }

    synchronized boolean isPlanned() {
        return grant != null;
    }

    /** Whether it may run now. */
    boolean isRunnable() {
        return !held && isPlanned();
    }

    /** What it takes of a pass. Only of one that is planned. */
    Load load() {
        Grant granted = grant();
        LensPlan plan = granted.planned().plan();
        long tokens = plan.inputTokens();
        int blocks = granted.lease().engine().description().blockCount();
        return new Load(tokens, granted.bytes(), tokens * blocks + workOfCells(plan));
    }

    /** Of a sweep, the cells are passes, and their tokens are counted. */
    private static long workOfCells(LensPlan plan) {
        return plan.interventions().sweep().isPresent() ? 0 : CELL_WORK * plan.cellCount();
    }

    /** The part of {@link Load#work} that is done. On the computing thread, before it is released. */
    long workDone() {
        long ofCells = workOfCells(grant().planned().plan());
        long ofBlocks = load().work() - ofCells;
        return phase == Phase.FORWARD ? share(ofBlocks) : ofBlocks + share(ofCells);
    }

    private long share(long work) {
        return total == 0 ? 0 : (long) (work * ((double) done / total));
    }

    /** The engine that computes it. Only of one that is planned. */
    LensEngine engine() {
        return grant().lease().engine();
    }

    /** Reports come from several threads and may overtake each other: one that says less than was said is dropped. */
    void reportLoading(ServingState.Loading now) {
        synchronized (this) {
            if (stage != Stage.WAITING || reportedAhead != Integer.MAX_VALUE || saysLess(now)) {
                return;
            }
            reportedLoading = now;
            reports.add(() -> listener.loading(now));
        }
        reports.makeAll();
    }

    private boolean saysLess(ServingState.Loading now) {
        ServingState.Loading before = reportedLoading;
        return before != null
                && (now.step() == before.step()
                        ? now.done() < before.done()
                        : now.step().compareTo(before.step()) < 0);
    }

    /** As {@link #reportLoading}: a queue only gets shorter. */
    void reportAhead(int ahead) {
        synchronized (this) {
            if (stage != Stage.WAITING || ahead >= reportedAhead) {
                return;
            }
            reportedAhead = ahead;
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
            Grant granted = grant();
            enter(Stage.RUNNING);
            reports.finish();
            listener.started(new RequestStart(
                    granted.lease().engine(),
                    granted.planned(),
                    granted.bytes(),
                    Duration.ofNanos(System.nanoTime() - submittedNanos)));
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
                listener.progress(phase, done, total);
            } catch (Throwable failure) {
                failed(failure);
            }
        }
    }

    private synchronized Grant grant() {
        return requireNonNull(grant);
    }

    /** Its plan, for a pass. Only of one that is planned. */
    WantedPlan wanted() {
        return new WantedPlan(grant().planned().plan(), this, this);
    }

    @Override
    public void progress(Phase now, long units, long all) {
        phase = now;
        done = units;
        total = all;
        listener.progress(now, units, all);
    }

    @Override
    public void targets(FinalTargets targets) {
        listener.targets(targets);
    }

    @Override
    public void cells(CellReadout readout) {
        listener.cells(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        listener.trajectory(trajectory);
    }

    @Override
    public void attribution(AttributedPart part) {
        listener.attribution(part);
    }

    @Override
    public void attributed(AttributedLogits logits) {
        listener.attributed(logits);
    }

    @Override
    public void effect(MeasuredEffect effect) {
        listener.effect(effect);
    }

    @Override
    public LensListener unchanged() {
        return listener.unchanged();
    }

    @Override
    public void sweepBegins(double unchanged, OptionalDouble source) {
        listener.sweepBegins(unchanged, source);
    }

    @Override
    public void sweepCells(long first, float[] values) {
        listener.sweepCells(first, values);
    }

    @Override
    public void completed(LensOutcome outcome) {
        try {
            leave();
            listener.completed(outcome);
            enter(Stage.ENDED);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /** Ends the request without a result, unless it has ended. Called by the owner of the queue that it left. */
    @Override
    public void failed(Throwable failure) {
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
