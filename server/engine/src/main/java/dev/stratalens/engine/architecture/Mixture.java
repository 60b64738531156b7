package dev.stratalens.engine.architecture;

import java.util.function.IntPredicate;

/**
 * A mixture of experts, in the place of some blocks' feed-forward.
 *
 * @param blocks those that have it
 * @param router how tokens are shared out
 * @param weights where the weights of such a block lie
 */
public record Mixture(IntPredicate blocks, Router router, MixtureWeights weights) {

    /** Widest feed-forward of an expert. */
    int inner() {
        return weights.widest();
    }
}
