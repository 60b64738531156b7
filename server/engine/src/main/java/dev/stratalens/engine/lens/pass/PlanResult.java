package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.lens.result.WantedPlan;
import java.util.Arrays;
import java.util.Collections;

/** The result of one plan of a pass while it comes in, and whether it is still wanted. */
final class PlanResult {

    private final WantedPlan wanted;
    private final LensPlan plan;
    private final int firstPosition;
    private final int outputLens;
    private final CellReadout[][] cells;
    private final CellReadout output;
    private final int[] targetIds;
    private final int[] cellsRead;
    private final int[] emitted;
    private SelfCheck selfCheck = SelfCheck.NONE;
    private Phase phase = Phase.FORWARD;
    private long done;
    private long total;
    private boolean ended;

    /**
     * @param firstPosition where its positions begin among those of all results
     * @param output where the model's own output is read
     */
    PlanResult(WantedPlan wanted, int firstPosition, ReadPoint output) {
        this.wanted = wanted;
        this.plan = wanted.plan();
        this.firstPosition = firstPosition;
        this.cells = new CellReadout[plan.lenses().size()][plan.readPoints().size()];
        for (int i = 0; i < cells.length; i++) {
            int lens = i;
            Arrays.setAll(cells[i], point -> CellReadout.unknown(plan, lens, point));
        }
        this.outputLens =
                plan.readPoints().get(last()).equals(output) ? plan.lenses().indexOf(new RequestedLens.Logit()) : -1;
        this.output = outputLens >= 0 ? cells[outputLens][last()] : CellReadout.unknown(plan, -1, -1);
        for (int position = 0; outputLens >= 0 && position < positions(); position++) {
            this.output.columns().set(Statistic.KL_FROM_FINAL, position, 0);
        }
        this.targetIds = TargetIds.known(plan);
        this.cellsRead = new int[cells.length];
        this.emitted = new int[cells.length];
    }

    LensPlan plan() {
        return plan;
    }

    LensListener listener() {
        return wanted.listener();
    }

    int positions() {
        return plan.positions().length;
    }

    int firstPosition() {
        return firstPosition;
    }

    /** Index of the last read point. */
    int last() {
        return plan.readPoints().size() - 1;
    }

    /** Whether a lens at a read point is the model's own output, which is read first. */
    boolean isOutput(int lens, int readPoint) {
        return lens >= 0 && lens == outputLens && readPoint == last();
    }

    /** Index of a lens; negative if it is not asked for. */
    int lensIndex(RequestedLens lens) {
        return plan.lenses().indexOf(lens);
    }

    /** Index of a read point; negative if it is not asked for. */
    int readPointIndex(ReadPoint point) {
        return Collections.binarySearch(plan.readPoints(), point);
    }

    CellReadout cells(int lens, int readPoint) {
        return cells[lens][readPoint];
    }

    /** The model's own output. */
    CellReadout output() {
        return output;
    }

    /** Ids of the targets, [p * m]; -1 where there is none or it is not known yet. */
    int[] targetIds() {
        return targetIds;
    }

    boolean wants(Statistic statistic) {
        return plan.statistics().contains(statistic);
    }

    /** Whether the plan has not ended; ends it if it was cancelled. */
    boolean isLive() {
        if (!ended && wanted.cancellation().isCancelled()) {
            fail(new LensCancelledException());
        }
        return !ended;
    }

    /** Whether the result is not wanted any more. */
    boolean isUnwanted() {
        return ended || wanted.cancellation().isCancelled();
    }

    /** Ends a step of a plan that was cancelled meanwhile. */
    void throwIfUnwanted() {
        wanted.cancellation().throwIfCancelled();
    }

    /** Does a step if the plan has not ended; what goes wrong ends this plan alone. */
    // Throwable: an error in one plan must reach its caller and must not end the thread that serves the others.
    void attempt(Runnable step) {
        if (isLive()) {
            try {
                step.run();
            } catch (Throwable failure) {
                fail(failure);
            }
        }
    }

    /** Ends the plan, unless it has ended. */
    void fail(Throwable failure) {
        if (!ended) {
            ended = true;
            listener().failed(failure);
        }
    }

    /** Starts a phase of so many units. */
    void begin(Phase next, long units) {
        phase = next;
        done = 0;
        total = units;
        report();
    }

    /** Units of the phase are done; they are told by the next {@link #report}. */
    void advance(long units) {
        done += units;
    }

    /** Tells the listener how far the phase is. */
    void report() {
        attempt(() -> listener().progress(phase, done, total));
    }

    /** Rows of the head that the plan needs. */
    long rows() {
        return plan.cellCount() + (outputLens >= 0 ? 0 : positions());
    }

    /** The model's own output is complete. */
    void outputIsRead(SelfCheck check) {
        selfCheck = check;
        listener().targets(TargetIds.withFinalTop(plan, targetIds, output));
    }

    /** A cell is complete but for its divergence from the next read point; the cells of a lens come by read point. */
    void cellIsRead(int lens) {
        cellsRead[lens]++;
    }

    /** Hands over what is complete; with the divergence from the next read point, that needs the next one too. */
    void emitComplete() {
        for (int lens = 0; lens < cells.length; lens++) {
            int complete = cellsRead[lens] / positions();
            emit(lens, wants(Statistic.KL_FROM_NEXT) ? complete - 1 : complete);
        }
    }

    /** Hands over what is left, all cells having been read. */
    void emitAll() {
        for (int lens = 0; lens < cells.length; lens++) {
            int stacked = (isOutput(lens, last()) ? last() : last() + 1) * positions();
            if (cellsRead[lens] != stacked) {
                throw new IllegalStateException("%d of %d cells were read".formatted(cellsRead[lens], stacked));
            }
            emit(lens, last() + 1);
        }
    }

    private void emit(int lens, int ready) {
        for (; emitted[lens] < ready; emitted[lens]++) {
            listener().cells(cells[lens][emitted[lens]]);
        }
    }

    /** Ends the plan with its result. */
    void complete(PassTimes times, long omittedRows) {
        ended = true;
        listener().completed(new LensOutcome(selfCheck, times.forward(), times.lens(), omittedRows));
    }
}
