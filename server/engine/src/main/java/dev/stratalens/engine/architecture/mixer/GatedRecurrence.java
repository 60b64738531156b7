package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The real-gated linear recurrent unit of Griffin (De et al., 2024): each channel has one number, which decays by a gate. A
 * prompt remembers the last inputs of the convolution, and the numbers.
 */
public record GatedRecurrence() implements Mixer {

    /**
     * Places of its weights.
     *
     * @param heads of the gates, each with its share of the channels
     * @param width channels
     * @param taps of the convolution
     */
    public static MixerWeights weights(String folder, int hidden, int heads, int width, int taps) {
        int channels = width / heads;
        return new MixerWeights(folder)
                .product(Slot.MIXER_INPUT, "linear_x", width, hidden, true)
                .product(Slot.MIXER_GATE, "linear_y", width, hidden, true)
                .product(Slot.MIXER_OUTPUT, "linear_out", hidden, width, true)
                .convolution("conv_1d", width, taps, true)
                .tensor(Slot.DECAY_LOG, "rg_lru.recurrent_param", width)
                .tensor(Slot.weight(Slot.MIXER_INPUT_GATE), "rg_lru.input_gate_weight", heads, channels, channels)
                .tensor(Slot.bias(Slot.MIXER_INPUT_GATE), "rg_lru.input_gate_bias", heads, channels)
                .tensor(Slot.weight(Slot.MIXER_DECAY_GATE), "rg_lru.recurrent_gate_weight", heads, channels, channels)
                .tensor(Slot.bias(Slot.MIXER_DECAY_GATE), "rg_lru.recurrent_gate_bias", heads, channels);
    }

    @Override
    public String title() {
        return "gated linear recurrence";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "token_recurrence", "gated_recurrence");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of();
    }

    @Override
    public int remembered() {
        return 2;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return MixerState.ofConvolutions(weights, MixerState.elements(weights, Slot.DECAY_LOG));
    }
}
