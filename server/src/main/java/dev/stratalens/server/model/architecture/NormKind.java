package dev.stratalens.server.model.architecture;

/** Kinds of normalisation in a decoder. */
public enum NormKind {
    /** LayerNorm: mean removed, scaled to unit variance, weight and bias. */
    LAYER_NORM("layer"),
    /** RMSNorm: scaled to unit root mean square, weight. */
    RMS_NORM("rms");

    private final String programName;

    NormKind(String programName) {
        this.programName = programName;
    }

    /** Value of {@code norm_kind} in the TorchScript programs. */
    public String programName() {
        return programName;
    }
}
