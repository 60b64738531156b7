package dev.stratalens.engine.architecture.mixer;

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
}
