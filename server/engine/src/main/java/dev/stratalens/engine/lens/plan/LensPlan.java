package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What to compute, in the terms of one model: every index is resolved, valid, ascending and unique. Arrays are not
 * copied: treat them as read-only.
 *
 * @param tokenIds the prompt, [n]
 * @param layers asked layers, [l]; -1 is the embedding
 * @param positions asked positions, [p]
 * @param topK predictions per cell, k
 * @param targets asked targets, [m]
 * @param statistics optional statistics
 * @param normalisation whether the final norm applies
 * @param minimumPeak of trajectories: only tokens whose probability reaches this at one layer or more, and targets given
 *     by id or text; empty if no trajectories are wanted
 */
public record LensPlan(
        int[] tokenIds,
        int[] layers,
        int[] positions,
        int topK,
        List<PlannedTarget> targets,
        Set<Statistic> statistics,
        Normalisation normalisation,
        OptionalDouble minimumPeak) {

    /** Whether residual rows pass the final norm before the head. */
    public enum Normalisation {
        /** As the model itself decodes. */
        FINAL_NORM,
        /** The raw residual. */
        NONE;

        /** Residual rows as they go before the unembedding, float32. */
        public TorchTensor apply(Head head, TorchScope scope, TorchTensor residual) {
            return this == FINAL_NORM ? head.normed(scope, residual) : head.raw(scope, residual);
        }
    }

    /** Copies the collections. */
    public LensPlan {
        targets = List.copyOf(targets);
        statistics = Set.copyOf(statistics);
    }

    /** Cells of the result. */
    public long cellCount() {
        return (long) layers.length * positions.length;
    }
}
