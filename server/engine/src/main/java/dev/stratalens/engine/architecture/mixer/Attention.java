package dev.stratalens.engine.architecture.mixer;

import static java.util.Map.entry;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;
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
 * @param growth of queries with their position, if the family has it
 * @param gate on the output, if the weights have one
 * @param chunk number of tokens in the stretches of a prompt within which queries see keys; 0 for no stretches
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
        Optional<Alibi> alibi,
        Optional<Growth> growth,
        AttentionGate gate,
        int chunk)
        implements Mixer {

    /**
     * Multi-head latent attention: the keys and values of a token come from one narrow vector, except the rotated part
     * of the keys, which all heads share. The weights determine the widths.
     *
     * @param rotaryOffset first rotated dimension of a head; all later ones rotate, too
     * @param normEpsilon of the norms of the narrow vectors
     */
    public record Latent(int rotaryOffset, double normEpsilon) {}

    /**
     * Queries times 1 + factor * ln(1 + whole spans before the position), so that attention stays sharp in long prompts.
     *
     * @param factor above 0
     * @param span in tokens
     * @param first number of the first position
     */
    public record Growth(double factor, int span, int first) {}

    /** The same for blocks that see all keys, without norms of queries and keys, but with growing queries. */
    public Attention overAll(Optional<Growth> ofQueries) {
        return new Attention(
                scale,
                softcap,
                window,
                rotary,
                rotaryPairs,
                QueryKeyNorm.NONE,
                clip,
                sinks,
                latent,
                alibi,
                ofQueries,
                gate,
                0);
    }

    @Override
    public String title() {
        return latent.isPresent() ? "latent attention" : "attention";
    }

    @Override
    public List<String> programs() {
        return List.of("attention", "only_attention");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.ofEntries(
                entry("rotary_pairs", rotaryPairs.programName()),
                entry("query_key_norm", queryKeyNorm.programName()),
                entry("latent", latent.isPresent()),
                entry("latent_norm_epsilon", latent.map(Latent::normEpsilon).orElse(0.0)),
                entry("rotary_offset", (long) latent.map(Latent::rotaryOffset).orElse(0)),
                entry("clip", clip),
                entry("attention_softcap", softcap),
                entry("alibi_scale", alibi.map(Alibi::scale).orElse(1.0)),
                entry("alibi_rounded", alibi.map(Alibi::roundedToBfloat16).orElse(false)),
                entry("query_growth", growth.map(Growth::factor).orElse(0.0)),
                entry("query_growth_span", (long) growth.map(Growth::span).orElse(1)),
                entry("query_growth_first", (long) growth.map(Growth::first).orElse(0)),
                entry("attention_gate", gate.programName()),
                entry("attention_chunk", (long) chunk),
                entry("carries_keys", false),
                entry("keys_from_end", 0L),
                entry("keys_width", 0L),
                entry("state_step", STATE_STEP));
    }

    /** Keys and values of every token. */
    @Override
    public int remembered() {
        return 2;
    }

    @Override
    public boolean growing() {
        return true;
    }

    /** Whether a fused kernel can compute the attention: scores have no change except the mask. */
    public boolean fusible() {
        return softcap == 0 && alibi.isEmpty() && !sinks;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        // Heads have keys as wide as their queries where all come from a narrow vector.
        return latent.isPresent()
                ? MixerState.ofEachToken(weights, Slot.QUERY, Slot.KEY_VALUE)
                : MixerState.ofEachToken(weights, Slot.KEY, Slot.VALUE);
    }
}
