package dev.stratalens.engine.lens.result;

/**
 * One lens at one read point over all asked positions. Arrays are row-major and not copied: read-only.
 *
 * @param lens index into the plan's lenses
 * @param readPoint index into the plan's read points
 * @param topIds predictions, best first, ties by lower id, [p * k]
 * @param topLogProbs their log-probabilities, [p * k]
 * @param targetRanks [p * m]; 0 where there is no target
 * @param targetLogProbs [p * m]; NaN where there is no target
 * @param columns the asked statistics, [p] each
 */
public record CellReadout(
        int lens,
        int readPoint,
        int[] topIds,
        float[] topLogProbs,
        int[] targetRanks,
        float[] targetLogProbs,
        Columns columns) {}
