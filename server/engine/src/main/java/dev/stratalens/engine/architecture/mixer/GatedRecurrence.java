package dev.stratalens.engine.architecture.mixer;

import java.util.List;
import java.util.Map;

/**
 * The real-gated linear recurrent unit of Griffin (De et al., 2024): each channel has one number, which decays by a gate. A
 * prompt remembers the last inputs of the convolution, and the numbers.
 */
public record GatedRecurrence() implements Mixer {

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
}
