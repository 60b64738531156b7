package dev.stratalens.engine.architecture.mixer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attention and a state space side by side (Falcon-H1): both read the same rows, and their outputs are added. The state of
 * the state space is overwritten, so the memory of both is kept at the end of a pass.
 *
 * @param attention one of them; its texts are those of attention
 * @param stateSpace the other one
 * @param factors on their inputs, on parts of the state space, and on their outputs
 */
public record ParallelMixers(Mixer attention, Mamba2 stateSpace, Factors factors) implements Mixer {

    /**
     * Factors.
     *
     * @param parts on gate, channels, inputs, outputs and time steps of the state space
     */
    public record Factors(
            double attentionIn, double attentionOut, double stateIn, double stateOut, List<Double> parts) {

        /** Copies the list. */
        public Factors {
            parts = List.copyOf(parts);
        }
    }

    @Override
    public String title() {
        return attention.title() + " beside " + stateSpace.title();
    }

    @Override
    public List<String> programs() {
        return List.of("attention", "causal_convolution", "decaying_state", "mamba2", "attention_and_mamba2");
    }

    @Override
    public Map<String, Object> constants() {
        var constants = new HashMap<>(attention.constants());
        constants.putAll(stateSpace.constants());
        constants.putAll(Map.of(
                "attention_in", factors.attentionIn(),
                "attention_out", factors.attentionOut(),
                "state_in", factors.stateIn(),
                "state_out", factors.stateOut(),
                "gate_factor", factors.parts().get(0),
                "channel_factor", factors.parts().get(1),
                "input_factor", factors.parts().get(2),
                "output_factor", factors.parts().get(3),
                "step_factor", factors.parts().get(4)));
        return constants;
    }

    @Override
    public double headFactor() {
        return factors.attentionOut();
    }

    @Override
    public int remembered() {
        return attention.remembered() + stateSpace.remembered();
    }
}
