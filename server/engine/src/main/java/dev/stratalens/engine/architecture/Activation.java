package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.ProgramChoice;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Activations of the feed-forward part. */
public enum Activation implements ProgramChoice {
    /** x * Phi(x), with the error function. */
    GELU,
    /** GELU in its tanh form. */
    GELU_TANH,
    /** x * sigmoid(1.702 x). */
    GELU_SIGMOID,
    /** x * sigmoid(x). */
    SILU,
    /** max(x, 0). */
    RELU,
    /** max(x, 0)^2. */
    RELU_SQUARED,
    /** The expanded integral of the ELU, with four learned numbers ({@link Slot#ACTIVATION}). */
    EXPANDED_INTEGRAL_ELU;

    /** Names from transformers' {@code activations.py}. */
    private static final Map<String, Activation> BY_CONFIG_NAME = Map.of(
            "gelu", GELU,
            "gelu_new", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "quick_gelu", GELU_SIGMOID,
            "silu", SILU,
            "swish", SILU,
            "relu", RELU,
            "relu2", RELU_SQUARED,
            "xielu", EXPANDED_INTEGRAL_ELU);

    /** Reads the key that names the activation. */
    public static Activation of(HfConfig config, String key, String classDefault) {
        String name = config.string(key, classDefault);
        Activation activation = BY_CONFIG_NAME.get(name);
        if (activation == null) {
            throw config.unsupported(key, name, String.join(", ", List.copyOf(new TreeSet<>(BY_CONFIG_NAME.keySet()))));
        }
        return activation;
    }
}
