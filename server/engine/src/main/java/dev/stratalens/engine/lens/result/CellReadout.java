package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;

/**
 * One lens at one read point over all asked positions. Arrays are row-major and not copied: read-only once handed over.
 *
 * @param lens index into the plan's lenses
 * @param readPoint index into the plan's read points
 * @param topIds predictions, best first, ties by lower id, [p * k]
 * @param topLogProbs their log-probabilities, [p * k]
 * @param logSumExps [p]
 * @param targetRanks [p * m]; 0 where there is no target
 * @param targetLogProbs [p * m]; NaN where there is no target
 * @param columns the asked statistics, [p] each
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

    /** Room for cells that are not known yet. */
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
