package dev.stratalens.engine.architecture.mixer;

import java.util.List;
import java.util.Map;

/**
 * Linear attention whose state decays at a fixed rate for each head (Qin et al., 2024). A prompt remembers the states.
 *
 * @param size width of a head's queries, keys and values
 * @param normEpsilon of the norm of all heads' outputs
 */
public record LightningAttention(int size, double normEpsilon) implements Mixer {

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
}
