package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The gated delta rule (Yang et al., 2024): each head has a matrix from keys to values, which decays. A token corrects the
 * value under its key by a rate. Queries, keys and values pass short convolutions. A prompt remembers their last inputs,
 * and the matrices.
 *
 * @param keySize width of a head's queries and keys
 * @param valueSize width of a head's values
 * @param rateScale factor on the rates, 2 if they may overshoot
 * @param normEpsilon of the norm of the output
 */
public record GatedDelta(int keySize, int valueSize, double rateScale, double normEpsilon) implements Mixer {

    /** Places of products and convolutions with tensors of their own. */
    public static MixerWeights separate(String folder, long keys, long values, int hidden, int taps) {
        return new MixerWeights(folder)
                .product(Slot.MIXER_QUERY, "q_proj", keys, hidden)
                .product(Slot.MIXER_KEY, "k_proj", keys, hidden)
                .product(Slot.MIXER_VALUE, "v_proj", values, hidden)
                .tensor(Slot.weight(Slot.QUERY_CONVOLUTION), "q_conv1d.weight", keys, 1, taps)
                .tensor(Slot.weight(Slot.KEY_CONVOLUTION), "k_conv1d.weight", keys, 1, taps)
                .tensor(Slot.weight(Slot.VALUE_CONVOLUTION), "v_conv1d.weight", values, 1, taps)
                .product(Slot.MIXER_OUTPUT, "o_proj", hidden, values);
    }

    @Override
    public String title() {
        return "gated delta rule";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "decaying_state", "gated_delta");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of(
                "key_size",
                (long) keySize,
                "value_size",
                (long) valueSize,
                "query_scale",
                1 / Math.sqrt(keySize),
                "rate_scale",
                rateScale,
                "gated_norm_epsilon",
                normEpsilon);
    }

    @Override
    public int remembered() {
        return 4;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        long heads = MixerState.outputs(weights, Slot.DECAY_BIAS);
        return MixerState.ofConvolutions(weights, heads * keySize * valueSize);
    }
}
