package dev.stratalens.engine.error;

import java.util.List;

/** Thrown if the checkpoint's family is not in the table of families. */
public final class UnsupportedArchitectureException extends LensFailure {

    private final String modelType;
    private final List<String> supported;

    /** @param supported values of {@code model_type} that can be loaded, sorted */
    public UnsupportedArchitectureException(String modelType, List<String> supported) {
        super("The model's family \"%s\" is not supported. Supported: %s."
                .formatted(modelType, String.join(", ", supported)));
        this.modelType = modelType;
        this.supported = List.copyOf(supported);
    }

    public String modelType() {
        return modelType;
    }

    public List<String> supported() {
        return supported;
    }
}
