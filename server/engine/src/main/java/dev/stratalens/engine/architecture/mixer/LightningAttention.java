package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixerWeights.Part;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * Linear attention whose state decays at a fixed rate for each head (Qin et al., 2024). A prompt remembers the states.
 *
 * @param size width of a head's queries, keys and values
 * @param normEpsilon of the norm of all heads' outputs
 */
public record LightningAttention(int size, double normEpsilon) implements Mixer {

    /** Places of its weights. */
    public MixerWeights weights(String folder, int hidden, int heads) {
        long width = (long) heads * size;
        return new MixerWeights(folder)
                .parts(
                        "qkv_proj.weight",
                        heads,
                        List.of(
                                new Part(Slot.weight(Slot.MIXER_QUERY), width),
                                new Part(Slot.weight(Slot.MIXER_KEY), width),
                                new Part(Slot.weight(Slot.MIXER_VALUE), width)),
                        hidden)
                .product(Slot.MIXER_GATE, "output_gate", width, hidden)
                .norm(Slot.MIXER_NORM, "norm", width)
                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, width);
    }

    /** The rate of each head's state in a block of several, {@link Slot#DECAY_RATES}. */
    public static float[] decayRates(int heads, int block, int blocks) {
        var rates = new float[heads];
        float factor = (float) (1 - block / (blocks - 1 + 1e-5) + 1e-5);
        for (int head = 0; head < heads; head++) {
            rates[head] = (float) Math.pow(2, -8.0 * (head + 1) / heads) * factor;
        }
        return rates;
    }

    @Override
    public String title() {
        return "lightning attention";
    }

    @Override
    public List<String> programs() {
        return List.of("decaying_state", "lightning_attention");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of("key_size", (long) size, "mixer_norm_epsilon", normEpsilon);
    }

    @Override
    public int remembered() {
        return 1;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return new MixerState(0, size * MixerState.outputs(weights, Slot.weight(Slot.MIXER_QUERY)));
    }
}
