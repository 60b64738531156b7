package dev.stratalens.engine.architecture;

/** Kinds of normalization in a decoder. */
public enum NormKind {
    /** LayerNorm: mean removed, scaled to unit variance; weight, and bias if one is stored. */
    LAYER_NORM("layer", 0),
    /** LayerNorm whose stored weight lacks 1 (Nemotron's LayerNorm1P). */
    LAYER_NORM_1P("layer", 1),
    /** RMSNorm: scaled to unit root mean square; weight. */
    RMS_NORM("rms", 0),
    /** RMSNorm whose stored weight lacks 1 (Gemma). */
    RMS_NORM_1P("rms", 1);

    private final String programName;
    private final double weightOffset;

    NormKind(String programName, double weightOffset) {
        this.programName = programName;
        this.weightOffset = weightOffset;
    }

    /** Value of {@code norm_kind} in the TorchScript programs. */
    public String programName() {
        return programName;
    }

    /** Offset added to the stored weight. */
    public double weightOffset() {
        return weightOffset;
    }

    /** Whether the norm keeps the mean. */
    public boolean isRms() {
        return this == RMS_NORM || this == RMS_NORM_1P;
    }
}
