package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.lens.result.SelfCheck;
import java.util.Arrays;
import java.util.Collections;

/** One task of a pass: its results while they come in, and whether it is still wanted. */
final class LensRun {

    private final LensTask task;
    private final LensPlan plan;
    private final int firstPosition;
    private final int outputLens;
    private final CellArrays[][] cells;
    private final CellArrays output;
    private final int[] targetIds;
    private final int[] cellsRead;
    private final int[] emitted;
    private SelfCheck selfCheck = SelfCheck.NONE;
    private Phase phase = Phase.FORWARD;
    private long done;
    private long total;
    private boolean ended;

    /**
     * @param firstPosition where its positions begin among those of all runs
     * @param output where the model's own output is read
     */
    LensRun(LensTask task, int firstPosition, ReadPoint output) {
        this.task = task;
        this.plan = task.plan();
        this.firstPosition = firstPosition;
        this.cells = new CellArrays[plan.lenses().size()][plan.readPoints().size()];
        for (CellArrays[] ofLens : cells) {
            Arrays.setAll(ofLens, i -> new CellArrays(plan));
        }
        this.outputLens =
                plan.readPoints().get(last()).equals(output) ? plan.lenses().indexOf(new RequestedLens.Logit()) : -1;
        this.output = outputLens >= 0 ? cells[outputLens][last()] : new CellArrays(plan);
        for (int position = 0; outputLens >= 0 && position < positions(); position++) {
            this.output.columns.set(Statistic.KL_FROM_FINAL, position, 0);
        }
        this.targetIds = TargetIds.known(plan);
        this.cellsRead = new int[cells.length];
        this.emitted = new int[cells.length];
    }

    LensPlan plan() {
        return plan;
    }

    LensListener listener() {
        return task.listener();
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

    CellArrays cells(int lens, int readPoint) {
        return cells[lens][readPoint];
    }

    /** The model's own output. */
    CellArrays output() {
        return output;
    }

    /** Ids of the targets, [p * m]; -1 where there is none or it is not known yet. */
    int[] targetIds() {
        return targetIds;
    }

    boolean wants(Statistic statistic) {
        return plan.statistics().contains(statistic);
    }

    /** Whether the task has not ended; ends it if it was canceled. */
    boolean isLive() {
        if (!ended && task.cancellation().isCancelled()) {
            fail(new LensCancelledException());
        }
        return !ended;
    }

    /** Whether nobody wants the result any more. */
    boolean isUnwanted() {
        return ended || task.cancellation().isCancelled();
    }

    /** Ends a step of a task that was canceled meanwhile. */
    void throwIfUnwanted() {
        task.cancellation().throwIfCancelled();
    }

    /** Does a step if the task has not ended; what goes wrong ends this task alone. */
    // Throwable: an error in one task must reach its caller and must not end the thread that serves the others.
    void attempt(Runnable step) {
        if (isLive()) {
            try {
                step.run();
            } catch (Throwable failure) {
                fail(failure);
            }
        }
    }

    /** Ends the task, unless it has ended. */
    void fail(Throwable failure) {
        if (!ended) {
            ended = true;
            task.failed(failure);
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

    /** Rows of the head that the run needs. */
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
            listener().cells(cells[lens][emitted[lens]].readout(lens, emitted[lens]));
        }
    }

    /** Ends the task with its results. */
    void complete(PassTimes times, long omittedRows) {
        ended = true;
        task.completed(new LensOutcome(selfCheck, times.forward(), times.lens(), omittedRows));
    }
}
