package dev.stratalens.server.model.architecture;

/** How rotary frequencies are changed to reach further than the context of the pre-training. Factors are above 0. */
public sealed interface RopeScaling {

    /** Frequencies as they are. */
    record None() implements RopeScaling {}

    /** Every frequency divided by the factor. */
    record Linear(double factor) implements RopeScaling {}

    /**
     * Low frequencies divided by the factor, high ones kept, those between interpolated.
     *
     * @param lowFrequencyFactor wavelengths above original / this are low frequencies
     * @param highFrequencyFactor wavelengths below original / this are high frequencies; greater than the low one
     * @param originalContextLength of the pre-training, in tokens
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength)
            implements RopeScaling {}
}
