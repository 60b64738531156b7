package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * Choices of causal self-attention. How many heads there are, and whether products have biases, is in the weights.
 *
 * @param scale block index to the factor on query-key products
 * @param softcap c of c * tanh(score / c), before the mask; 0 for none
 * @param window block index to the number of keys that a query sees, itself included; 0 for all before it
 * @param rotary block index to the rotary position embedding, if the block has one
 * @param rotaryPairs which dimensions rotate together
 * @param queryKeyNorm where queries and keys are normed
 * @param clip bound on the absolute values of queries, keys and values; 0 for none
 * @param sinks whether a key without a value takes its share of each query's attention
 * @param latent how keys and values are made of a narrow vector, if they are
 * @param alibi biases that grow with the distance, if there are any
 */
public record Attention(
        IntToDoubleFunction scale,
        double softcap,
        IntUnaryOperator window,
        IntFunction<Optional<RopeParameters>> rotary,
        RotaryPairs rotaryPairs,
        QueryKeyNorm queryKeyNorm,
        double clip,
        boolean sinks,
        Optional<Latent> latent,
        Optional<Alibi> alibi) {

    /**
     * Multi-head latent attention: a token's keys and values are made of one narrow vector, but for the rotated part of the
     * keys, which all heads share. How wide each is, is in the weights.
     *
     * @param rotaryOffset first rotated dimension of a head; the last are rotated
     * @param normEpsilon of the norms of the narrow vectors
     */
    public record Latent(int rotaryOffset, double normEpsilon) {}

    /** Whether scores need never exist: nothing is done to them but the mask. */
    public boolean fusible() {
        return softcap == 0 && alibi.isEmpty() && !sinks;
    }
}
