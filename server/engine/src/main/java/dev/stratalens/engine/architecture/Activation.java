package dev.stratalens.engine.architecture;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Activations of the feed-forward part. */
public enum Activation {
    /** x * Phi(x), with the error function. */
    GELU("gelu"),
    /** GELU in its tanh form. */
    GELU_TANH("gelu_tanh"),
    /** x * sigmoid(1.702 x). */
    GELU_SIGMOID("gelu_sigmoid"),
    /** x * sigmoid(x). */
    SILU("silu"),
    /** max(x, 0). */
    RELU("relu"),
    /** max(x, 0)^2. */
    RELU_SQUARED("relu_squared"),
    /** The expanded integral of the ELU, whose four numbers are learned ({@link Slot#ACTIVATION}). */
    EXPANDED_INTEGRAL_ELU("xielu");

    /** Names of transformers' {@code activations.py}. */
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

    private final String programName;

    Activation(String programName) {
        this.programName = programName;
    }

    /** Reads the key that names the activation. */
    public static Activation of(HfConfig config, String key, String classDefault) {
        String name = config.string(key, classDefault);
        Activation activation = BY_CONFIG_NAME.get(name);
        if (activation == null) {
            throw config.unsupported(key, name, String.join(", ", List.copyOf(new TreeSet<>(BY_CONFIG_NAME.keySet()))));
        }
        return activation;
    }

    /** Value of {@code activation} in the TorchScript programs. */
    public String programName() {
        return programName;
    }
}
