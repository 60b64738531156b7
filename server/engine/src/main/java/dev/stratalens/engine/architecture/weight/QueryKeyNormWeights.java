package dev.stratalens.engine.architecture.weight;

/** How the weights of norms on single heads are stored. */
public enum QueryKeyNormWeights {
    /** One for all heads, [D]; with a bias if norms have them. */
    SHARED,
    /** One for each, [heads, D], no biases. */
    EACH_IN_ONE_TENSOR,
    /** One for each in a separate tensor, [D], no biases; {@code {head}} in the name stands for the head's number. */
    EACH_IN_ITS_OWN_TENSOR
}
