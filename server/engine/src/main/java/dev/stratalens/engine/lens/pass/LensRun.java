package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlan.Normalisation;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.lens.result.SelfCheck;
import java.util.Arrays;

/** One task of a pass: its results while they come in, and whether it is still wanted. */
final class LensRun {

    private final LensTask task;
    private final LensPlan plan;
    private final int firstPosition;
    private final int lastBlock;
    private final boolean lastIsFinal;
    private final LayerArrays[] layers;
    private final LayerArrays finalLayer;
    private final int[] targetIds;
    private SelfCheck selfCheck = SelfCheck.NONE;
    private int cellsRead;
    private int emitted;
    private boolean ended;

    /** @param firstPosition where its positions begin among those of all runs */
    LensRun(LensTask task, int firstPosition, int lastBlock) {
        this.task = task;
        this.plan = task.plan();
        this.firstPosition = firstPosition;
        this.lastBlock = lastBlock;
        this.layers = new LayerArrays[plan.layers().length];
        Arrays.setAll(layers, i -> new LayerArrays(plan));
        this.lastIsFinal =
                plan.layers()[layers.length - 1] == lastBlock && plan.normalisation() == Normalisation.FINAL_NORM;
        this.finalLayer = lastIsFinal ? layers[layers.length - 1] : new LayerArrays(plan);
        this.targetIds = TargetIds.known(plan);
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

    /** Whether the last asked layer is the model's own output, which is read first. */
    boolean lastIsFinal() {
        return lastIsFinal;
    }

    /** Whether cells of a layer are read after the model's own output. */
    boolean reads(int layer) {
        return layerIndex(layer) >= 0 && !(lastIsFinal && layer == lastBlock);
    }

    /** Index into the plan's layers; negative if the layer is not asked for. */
    int layerIndex(int layer) {
        return Arrays.binarySearch(plan.layers(), layer);
    }

    LayerArrays layer(int index) {
        return layers[index];
    }

    /** The model's own output. */
    LayerArrays finalLayer() {
        return finalLayer;
    }

    /** Ids of the targets, [p * m]; -1 where there is none or it is not known yet. */
    int[] targetIds() {
        return targetIds;
    }

    boolean wants(Statistic statistic) {
        return plan.statistics().contains(statistic);
    }

    /** Whether the task has not ended; ends it if it was cancelled. */
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

    /** Ends a step of a task that was cancelled meanwhile. */
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

    /** The model's own output is complete. */
    void outputIsRead(SelfCheck check) {
        selfCheck = check;
        listener().targets(TargetIds.withFinalTop(plan, targetIds, finalLayer));
    }

    /** A cell is complete but for its divergence from the next layer; cells come layer by layer. */
    void cellIsRead() {
        cellsRead++;
    }

    /** Hands over layers that are complete; with KL to the next layer, that needs the next one too. */
    void emitComplete() {
        int complete = cellsRead / positions();
        emit(wants(Statistic.KL_FROM_NEXT) ? complete - 1 : complete);
    }

    /** Hands over the layers that are left, all cells having been read. */
    void emitAll() {
        int stacked = (lastIsFinal ? layers.length - 1 : layers.length) * positions();
        if (cellsRead != stacked) {
            throw new IllegalStateException("%d of %d cells were read".formatted(cellsRead, stacked));
        }
        emit(layers.length);
    }

    private void emit(int ready) {
        while (emitted < ready) {
            listener().layer(layers[emitted].readout(plan.layers()[emitted]));
            emitted++;
            listener().lensProgress(emitted, layers.length);
        }
    }

    /** Ends the task with its results. */
    void complete(PassTimes times, long omittedRows) {
        ended = true;
        task.completed(new LensOutcome(selfCheck, times.forward(), times.lens(), omittedRows));
    }
}
