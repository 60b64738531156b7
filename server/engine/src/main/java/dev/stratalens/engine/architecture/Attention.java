package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * Choices of causal self-attention. The weights determine the number of heads and whether products have biases.
 *
 * @param scale factor on query-key products, by block
 * @param softcap c of c * tanh(score / c), before the mask; 0 for none
 * @param window number of keys that a query sees, including its own, by block; 0 for all keys before it
 * @param rotary rotary position embedding by block, if the block has one
 * @param rotaryPairs which dimensions rotate together
 * @param queryKeyNorm where queries and keys are normed
 * @param clip bound on the absolute values of queries, keys and values; 0 for none
 * @param sinks whether a key without a value takes a share of each query's attention
 * @param latent multi-head latent attention, if the family has it
 * @param alibi biases that grow with the distance, if the family has them
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
     * Multi-head latent attention: the keys and values of a token come from one narrow vector, except the rotated part
     * of the keys, which all heads share. The weights determine the widths.
     *
     * @param rotaryOffset first rotated dimension of a head; all later ones rotate, too
     * @param normEpsilon of the norms of the narrow vectors
     */
    public record Latent(int rotaryOffset, double normEpsilon) {}

    /** Whether a fused kernel can compute the attention: scores have no change except the mask. */
    public boolean fusible() {
        return softcap == 0 && alibi.isEmpty() && !sinks;
    }
}
