package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;

/**
 * The cells of one lens at one read point, over all positions of the plan. Arrays are row-major and not copied:
 * read-only for receivers.
 *
 * @param lens index into the plan's lenses
 * @param readPoint index into the plan's read points
 * @param topIds predictions by the plan's rule, best first, ties by lower id, [p * k]
 * @param topLogProbs their log-probabilities, [p * k]
 * @param logSumExps [p]
 * @param targetRanks [p * m]; 0 if there is no target
 * @param targetLogProbs [p * m]; NaN if there is no target
 * @param columns the requested statistics, [p] each
 */
public record CellReadout(
        int lens,
        int readPoint,
        int[] topIds,
        float[] topLogProbs,
        float[] logSumExps,
        int[] targetRanks,
        float[] targetLogProbs,
        Columns columns) {

    /** The same numbers as the cells of a lens at a read point. */
    public CellReadout as(int otherLens, int otherReadPoint) {
        return new CellReadout(
                otherLens, otherReadPoint, topIds, topLogProbs, logSumExps, targetRanks, targetLogProbs, columns);
    }

    /** The same arrays but for the predictions, which are copied. */
    public CellReadout withOwnPredictions() {
        return new CellReadout(
                lens, readPoint, topIds.clone(), topLogProbs.clone(), logSumExps, targetRanks, targetLogProbs, columns);
    }

    /** Creates arrays for cells that are not known yet. */
    public static CellReadout unknown(LensPlan plan, int lens, int readPoint) {
        int positions = plan.positions().length;
        int predictions = positions * plan.topK();
        int targets = positions * plan.targets().size();
        return new CellReadout(
                lens,
                readPoint,
                new int[predictions],
                new float[predictions],
                new float[positions],
                new int[targets],
                new float[targets],
                Columns.unknown(plan.statistics(), positions));
    }
}
