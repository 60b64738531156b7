package dev.stratalens.engine.architecture.mixer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transformer that several blocks share, before the state space of each (Zamba 2): attention and a feed-forward read the
 * stream together with the embedding of the token, which rows carry. What they return changes only what the state space
 * reads. The state of the state space is overwritten, so the memory of both is kept at the end of a pass.
 *
 * @param attention its texts are those of attention
 */
public record SharedTransformer(Mixer attention, Mamba2 stateSpace) implements Mixer {

    @Override
    public List<String> programs() {
        return List.of("attention", "causal_convolution", "decaying_state", "mamba2", "shared_before_mamba2");
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(attention.constants());
        constants.putAll(stateSpace.constants());
        return constants;
    }

    @Override
    public int remembered() {
        return attention.remembered() + stateSpace.remembered();
    }
}
