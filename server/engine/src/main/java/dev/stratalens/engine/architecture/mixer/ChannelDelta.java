package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The delta rule of {@link GatedDelta} with a decay for each channel of the keys (Kimi Linear, 2025). Decays and the gate
 * of the output come through narrow vectors, and the gate is a sigmoid.
 *
 * @param headSize width of a head's queries, keys and values
 * @param normEpsilon of the norm of the output
 */
public record ChannelDelta(int headSize, double normEpsilon) implements Mixer {

    /** Places of its weights. */
    public MixerWeights weights(String folder, int hidden, int heads, int taps) {
        long width = (long) heads * headSize;
        return GatedDelta.separate(folder, width, width, hidden, taps)
                .product(Slot.MIXER_DECAY_LATENT, "f_a_proj", headSize, hidden)
                .product(Slot.MIXER_DECAY, "f_b_proj", width, headSize)
                .product(Slot.MIXER_RATE, "b_proj", heads, hidden)
                .product(Slot.MIXER_GATE_LATENT, "g_a_proj", headSize, hidden)
                .product(Slot.MIXER_GATE, "g_b_proj", width, headSize)
                .norm(Slot.MIXER_NORM, "o_norm", headSize)
                .tensor(Slot.DECAY_LOG, "A_log", 1, 1, heads, 1)
                .tensor(Slot.DECAY_BIAS, "dt_bias", width);
    }

    @Override
    public String title() {
        return "delta rule with a decay for each channel";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "decaying_state", "channel_delta");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of(
                "state_size",
                (long) headSize,
                "query_scale",
                1 / Math.sqrt(headSize),
                "gated_norm_epsilon",
                normEpsilon);
    }

    @Override
    public int remembered() {
        return 4;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        long heads = MixerState.outputs(weights, Slot.weight(Slot.MIXER_RATE));
        return MixerState.ofConvolutions(weights, heads * headSize * headSize);
    }
}
