package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.weight.MixtureWeights;
import java.util.function.IntPredicate;

/**
 * A mixture of experts that replaces the feed-forward of some blocks.
 *
 * @param blocks the blocks that have it
 * @param router assigns tokens to experts
 * @param weights the weights of such a block
 */
public record Mixture(IntPredicate blocks, Router router, MixtureWeights weights) {

    /** Widest feed-forward of an expert. */
    int inner() {
        return weights.widest();
    }
}
