package dev.stratalens.engine.lens.result;

/**
 * The tracked tokens of one position over all asked layers. Arrays are not copied: read-only.
 *
 * @param positionIndex index into the plan's positions
 * @param tokenIds ascending, [t]
 * @param logProbs one row of l log-probabilities per token, [t * l]
 */
public record PositionTrajectory(int positionIndex, int[] tokenIds, float[] logProbs) {}
