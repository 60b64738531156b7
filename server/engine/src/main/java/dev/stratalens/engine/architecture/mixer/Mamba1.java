package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The selective state space of Mamba (Gu and Dao, 2023): each channel has a state, and all its numbers decay at rates of
 * their own. A prompt remembers the last inputs of the convolution, and the states.
 *
 * @param normEpsilon of the norms of step, input and output parameters; 0 without these norms
 */
public record Mamba1(double normEpsilon) implements Mixer {

    @Override
    public String title() {
        return "Mamba";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "token_recurrence", "mamba1");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of("parameter_norm_epsilon", normEpsilon);
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
