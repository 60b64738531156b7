package dev.stratalens.server.model.architecture;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Activations of the feed-forward part. */
public enum Activation {
    /** x * Phi(x), with the error function. */
    GELU("gelu"),
    /** GELU in its tanh form. */
    GELU_TANH("gelu_tanh"),
    /** x * sigmoid(x). */
    SILU("silu"),
    /** max(x, 0). */
    RELU("relu");

    /** Names of transformers' {@code activations.py}. */
    private static final Map<String, Activation> BY_CONFIG_NAME = Map.of(
            "gelu", GELU,
            "gelu_new", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "silu", SILU,
            "swish", SILU,
            "relu", RELU);

    private final String programName;

    Activation(String programName) {
        this.programName = programName;
    }

    /** Reads the key that names the activation. */
    static Activation of(HfConfig config, String key, String classDefault) {
        String name = config.string(key, classDefault);
        Activation activation = BY_CONFIG_NAME.get(name);
        if (activation == null) {
            throw config.invalid(key, name, String.join(", ", List.copyOf(new TreeSet<>(BY_CONFIG_NAME.keySet()))));
        }
        return activation;
    }

    /** Value of {@code activation} in the TorchScript programs. */
    public String programName() {
        return programName;
    }
}
