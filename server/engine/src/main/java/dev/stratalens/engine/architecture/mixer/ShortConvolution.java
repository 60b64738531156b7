package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * A short causal convolution of each channel between two gates (LFM2): {@code out(C * convolution(B * u))}, where B, C and u
 * are the thirds of one product. A prompt remembers the last inputs of the convolution.
 */
public record ShortConvolution() implements Mixer {

    @Override
    public String title() {
        return "short convolution";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "short_convolution");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of();
    }

    @Override
    public int remembered() {
        return 1;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        return MixerState.ofConvolutions(weights, 0);
    }
}
