package dev.stratalens.engine.lens.pass.result;

import com.google.common.base.Throwables;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Continuation;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.PromptState;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The growing result of one plan of a pass. Also tells whether it is still wanted. */
public final class PlanResult {

    private final WantedPlan wanted;
    private final LensPlan plan;
    private final int firstPosition;
    private final List<Integer> metricPositions;
    private final Optional<PlanResult> unchanged;
    /** Lenses whose cells at the last read point are the model's own output. */
    private final Set<Integer> outputLenses;

    private final CellReadout[][] cells;
    private final CellReadout output;
    private final NextOfPlan next;
    private final int[] targetIds;
    private final ReadCells read;
    private SelfCheck selfCheck = SelfCheck.NONE;
    private Phase phase = Phase.FORWARD;
    private long done;
    private long total;
    private boolean ended;
    private boolean outOfMemory;
    private boolean outputIsRead;
    private Optional<Throwable> failure = Optional.empty();

    /** A result that is compared with no other. */
    public PlanResult(WantedPlan wanted, int firstPosition, ReadPoint output) {
        this(wanted, firstPosition, output, List.of(), Optional.empty());
    }

    /**
     * @param firstPosition index of its first position among those of all results
     * @param output read point of the model's own output
     * @param metricPositions where metrics read the output
     * @param unchanged the result of the same prompt as it is, which comes before this one and ends with it
     */
    public PlanResult(
            WantedPlan wanted,
            int firstPosition,
            ReadPoint output,
            List<Integer> metricPositions,
            Optional<PlanResult> unchanged) {
        this.metricPositions = metricPositions;
        this.unchanged = unchanged;
        this.wanted = wanted;
        this.plan = wanted.plan();
        this.firstPosition = firstPosition;
        this.cells = new CellReadout[plan.lenses().size()][plan.readPoints().size()];
        for (int i = 0; i < cells.length; i++) {
            int lens = i;
            Arrays.setAll(cells[i], point -> CellReadout.unknown(plan, lens, point));
        }
        this.outputLenses = IntStream.range(0, plan.readPoints().get(last()).equals(output) ? cells.length : 0)
                .filter(lens -> plan.coverage().get(lens).isModelAtTheEnd())
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
        this.output = CellReadout.unknown(plan, -1, -1);
        // Lenses compare the model's output with different cells.
        boolean alike = !(plan.candidates().rule() instanceof CandidateRule.Contrast);
        outputLenses.forEach(lens ->
                cells[lens][last()] = (alike ? this.output : this.output.withOwnPredictions()).as(lens, last()));
        for (int position = 0; !outputLenses.isEmpty() && position < positions(); position++) {
            this.output.columns().set(Statistic.KL_FROM_FINAL, position, 0);
        }
        this.next = new NextOfPlan(wanted);
        this.targetIds = TargetIds.known(plan, next);
        this.read = new ReadCells(plan);
    }

    /** Positions at which metrics of this plan, or of the changed one beside it, read the model's own output. */
    public List<Integer> metricPositions() {
        return metricPositions;
    }

    /** The result of the same prompt as it is, which this one is compared with; empty if it is not. */
    public Optional<PlanResult> unchanged() {
        return unchanged;
    }

    /** The plan. */
    public LensPlan plan() {
        return plan;
    }

    /** Follows the result. */
    public LensListener listener() {
        return wanted.listener();
    }

    /** Number of positions. */
    public int positions() {
        return plan.positions().length;
    }

    /** Index of its first position among those of all results of the pass. */
    public int firstPosition() {
        return firstPosition;
    }

    /** Index of the last read point. */
    public int last() {
        return plan.readPoints().size() - 1;
    }

    /** Whether a lens at a read point is the model's own output, which is read first. */
    public boolean isOutput(int lens, int readPoint) {
        return readPoint == last() && outputLenses.contains(lens);
    }

    /** Whether a lens has cells at a read point. */
    public boolean reads(int lens, int readPoint) {
        return plan.coverage().get(lens).has(readPoint);
    }

    /** The read point of a lens before one of its own; -1 if there is none. */
    public int before(int lens, int readPoint) {
        return plan.coverage().get(lens).before(readPoint);
    }

    /** Index of a lens; negative if it was not requested. */
    public int lensIndex(RequestedLens lens) {
        return plan.lenses().indexOf(lens);
    }

    /** Index of a read point; negative if it was not requested. */
    public int readPointIndex(ReadPoint point) {
        return Collections.binarySearch(plan.readPoints(), point);
    }

    /** The readout of a lens at a read point, which grows. */
    public CellReadout cells(int lens, int readPoint) {
        return cells[lens][readPoint];
    }

    /** The model's own output. */
    public CellReadout output() {
        return output;
    }

    /** Ids of the targets, [p * m]; -1 if there is none, or if it is not known yet. */
    public int[] targetIds() {
        return targetIds;
    }

    /** The token after the last one. */
    public NextOfPlan next() {
        return next;
    }

    /** What the tokens of the plan continue; empty for a whole prompt. */
    public Optional<Continuation> continuation() {
        return wanted.continuation();
    }

    /** The state of the tokens before those of the plan; empty for a whole prompt. */
    public Optional<PromptState> state() {
        return continuation().map(Continuation::state);
    }

    /** Whether the self-check compares its last row: once for a text in pieces. */
    public boolean isChecked() {
        return state().isEmpty() || state().get().length() == plan.tokenIds().length;
    }

    /** Whether the model's own output must be known before any other cell is read: targets depend on it. */
    public boolean readsOutputFirst() {
        return next.decidesTargets()
                || plan.targets().stream().anyMatch(target -> target.target() instanceof RequestedTarget.FinalTop);
    }

    /** Whether a column was asked for. */
    public boolean wants(Statistic statistic) {
        return plan.statistics().contains(statistic);
    }

    /** Whether the plan has not ended; ends it if it was canceled. */
    public boolean isLive() {
        if (!ended && wanted.cancellation().isCancelled()) {
            fail(new LensCanceledException());
        }
        return !ended;
    }

    /** Whether the result is not wanted any more. */
    public boolean isUnwanted() {
        return ended || wanted.cancellation().isCancelled();
    }

    /** Throws if the plan was canceled. */
    public void throwIfUnwanted() {
        wanted.cancellation().throwIfCanceled();
    }

    /** Runs a step if the plan has not ended. A failure ends only this plan. */
    // Throwable: an error must reach the caller of the plan, and must not end the computing thread.
    public void attempt(Runnable step) {
        if (isLive()) {
            try {
                step.run();
            } catch (Throwable failure) {
                fail(failure);
            }
        }
    }

    /** Ends the plan, unless it has ended. */
    public void fail(Throwable failure) {
        if (!ended) {
            ended = true;
            this.failure = Optional.of(failure);
            outOfMemory = failure instanceof DeviceMemoryException;
            unchanged.ifPresent(result -> result.ended = true);
            listener().failed(failure);
        }
    }

    /** Throws what the unchanged result failed with, if it did. */
    public void requireUnchanged() {
        unchanged.flatMap(result -> result.failure).ifPresent(reason -> {
            Throwables.throwIfUnchecked(reason);
            throw new IllegalStateException(reason);
        });
    }

    /** Whether the plan ended because a device had no memory left. */
    public boolean ranOutOfMemory() {
        return outOfMemory;
    }

    /** Starts a phase with a number of units. */
    public void begin(Phase next, long units) {
        phase = next;
        done = 0;
        total = units;
        report();
    }

    /** Adds finished units of the phase; the next {@link #report} includes them. */
    public void advance(long units) {
        done += units;
    }

    /** Reports the progress of the phase to the listener. */
    public void report() {
        attempt(() -> listener().progress(phase, done, total));
    }

    /** Number of rows of the head that the plan needs. */
    public long rows() {
        return plan.cellCount() + (1L - outputLenses.size()) * positions();
    }

    /** Called when the model's own output is complete. */
    public void outputIsRead(SelfCheck check) {
        selfCheck = check;
        outputIsRead = true;
        listener().targets(TargetIds.withFinalTop(plan, targetIds, output));
    }

    /** Called when a cell is complete except for its divergence from the next read point. */
    public void cellIsRead(int lens, int readPoint) {
        read.add(lens, readPoint);
    }

    /**
     * Passes on complete readouts once the targets are. With the divergence from the next read point, a readout also
     * needs the next one.
     */
    public void emitComplete() {
        for (int lens = 0; outputIsRead && lens < cells.length; lens++) {
            int complete = read.complete(lens);
            emit(lens, wants(Statistic.KL_FROM_NEXT) ? complete - 1 : complete);
        }
    }

    /** Passes on the remaining readouts after all cells were read. */
    public void emitAll() {
        for (int lens = 0; lens < cells.length; lens++) {
            int readPoints = plan.coverage().get(lens).readPoints().size();
            int stacked = isOutput(lens, last()) ? readPoints - 1 : readPoints;
            if (read.complete(lens) != stacked) {
                throw new IllegalStateException(
                        "%d of %d read points were read".formatted(read.complete(lens), stacked));
            }
            emit(lens, readPoints);
        }
    }

    private void emit(int lens, int ready) {
        read.passOn(lens, ready, readPoint -> listener().cells(cells[lens][readPoint]));
    }

    /** The first block from which on the first lens has a token as its best, at the last position. */
    private OptionalInt settledFrom(int id) {
        int last = (positions() - 1) * plan.topK();
        OptionalInt since = OptionalInt.empty();
        for (int point : plan.coverage().get(0).readPoints()) {
            ReadPoint place = plan.readPoints().get(point);
            if (place.isLayer()) {
                boolean best = cells[0][point].topIds()[last] == id;
                since = !best ? OptionalInt.empty() : since.isPresent() ? since : OptionalInt.of(place.block());
            }
        }
        return since;
    }

    /** Ends the plan with its result. */
    public void complete(PassTimes times, long omittedRows) {
        if (next.isWanted()) {
            listener().next(new FoundToken(next.id(), next.logProbability(), settledFrom(next.id())));
        }
        ended = true;
        listener().completed(new LensOutcome(selfCheck, times.forward(), times.lens(), omittedRows));
    }
}
