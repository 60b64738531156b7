package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchTensor;

/**
 * Rows, and what is wanted of them. Arrays are not copied: read-only.
 *
 * @param rows before the unembedding, float32, [r, width]; at most {@link HeadKernel#rowLimit()}
 * @param best best tokens of each row, k
 * @param targetsPerRow tokens of each row whose rank is wanted, m
 * @param targetIds those tokens, [r * m]; -1 for none
 * @param expected of so many rows, the first ones, the expectation is wanted
 * @param whole rows whose logits are all wanted, for a check
 */
public record HeadQuery(TorchTensor rows, int best, int targetsPerRow, int[] targetIds, int expected, int[] whole) {}
