package dev.stratalens.engine.lens.result;

/**
 * The trajectories of one position and one lens, over all read points that the lens has. Arrays are not copied: read-only.
 *
 * @param lens index into the plan's lenses
 * @param positionIndex index into the plan's positions
 * @param tokenIds ascending, [t]
 * @param logProbs one row of r log-probabilities per token, in the order of the read points, [t * r]
 */
public record PositionTrajectory(int lens, int positionIndex, int[] tokenIds, float[] logProbs) {}
