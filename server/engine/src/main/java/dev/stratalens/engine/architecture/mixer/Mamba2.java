package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The state space of Mamba-2 (Dao and Gu, 2024): each head has one state, which decays at one rate. A prompt remembers the
 * last inputs of the convolution, and the states.
 *
 * @param stateSize N
 * @param groups of heads that share inputs and outputs of the state
 * @param leastStep lower bound of the time step
 * @param largestStep upper bound of the time step
 * @param norm of the output
 */
public record Mamba2(int stateSize, int groups, double leastStep, double largestStep, GatedNorm norm) implements Mixer {

    /**
     * The norm of the output, together with its gate.
     *
     * @param groups of channels, each with its own root mean square
     * @param gateFirst whether the norm is that of the gated output
     */
    public record GatedNorm(double epsilon, int groups, boolean gateFirst) {}

    @Override
    public String title() {
        return "Mamba-2";
    }

    @Override
    public List<String> programs() {
        return List.of("causal_convolution", "decaying_state", "mamba2", "only_mamba2");
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of(
                "state_size",
                (long) stateSize,
                "state_groups",
                (long) groups,
                "least_step",
                leastStep,
                "largest_step",
                largestStep,
                "gated_norm_epsilon",
                norm.epsilon(),
                "norm_groups",
                (long) norm.groups(),
                "gate_first",
                norm.gateFirst());
    }

    @Override
    public int remembered() {
        return 2;
    }

    @Override
    public MixerState state(Map<String, WeightSource> weights) {
        // The channels of the convolution are those of the state, and more.
        return MixerState.ofConvolutions(
                weights, stateSize * MixerState.outputs(weights, Slot.weight(Slot.CONVOLUTION)));
    }
}
