package dev.stratalens.client.internal.assembly;

import dev.stratalens.client.internal.result.LayerColumns;

/**
 * One layer of one lens: what it says, and the codes that trajectories refer to. Arrays of codes are of length 0 in streams
 * without trajectories, and 0 where the numbers came as floats.
 *
 * @param columns the layer
 * @param predictions codes of the predictions, [p * k]
 * @param targets codes of the targets, [p * m]
 */
record CellCodes(LayerColumns columns, int[] predictions, int[] targets) {}
