package dev.stratalens.engine.architecture.rope;

import java.util.List;

/** A change of rotary frequencies to extend the context of the pre-training. Factors are above 0. */
public sealed interface RopeScaling {

    /**
     * Prompts of one regime share their frequencies.
     *
     * @param tokens length of the prompt
     */
    default int regime(int tokens) {
        return 0;
    }

    /** Longest prompt for the frequencies, in tokens; 0 if the scaling does not tell. */
    default int reach() {
        return 0;
    }

    /** Unchanged frequencies. */
    record None() implements RopeScaling {}

    /** Pairs turn the other way. */
    record Backward() implements RopeScaling {}

    /**
     * The low frequencies of a head are 0, so that only a share of its pairs turns; the others are divided by the factor.
     *
     * @param share of the pairs, those with the highest frequencies
     */
    record Proportional(double share, double factor) implements RopeScaling {}

    /** Every frequency divided by the factor. */
    record Linear(double factor) implements RopeScaling {}

    /**
     * The base grows with the length of a prompt that is longer than the context of the pre-training.
     *
     * @param contextLength of the pre-training, in tokens
     */
    record Dynamic(double factor, int contextLength) implements RopeScaling {
        @Override
        public int regime(int tokens) {
            return tokens > contextLength ? tokens : 0;
        }

        @Override
        public int reach() {
            return (int) (factor * contextLength);
        }
    }

    /**
     * The base times alpha^(r / (r - 2)), for r rotated dimensions.
     *
     * @param alpha above 0
     */
    record Alpha(double alpha) implements RopeScaling {}

    /**
     * Low frequencies are divided by the factor, high ones kept, those between interpolated.
     *
     * @param lowFrequencyFactor wavelengths above original / this are low frequencies
     * @param highFrequencyFactor wavelengths below original / this are high frequencies; greater than the low one
     * @param originalContextLength of the pre-training, in tokens
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength)
            implements RopeScaling {}

    /**
     * YaRN: dimensions with many turns in the original context are kept, those with few are divided by the factor,
     * those between interpolated.
     *
     * @param betaFast turns from which a dimension is kept
     * @param betaSlow turns up to which a dimension is divided
     * @param truncate whether the bounds are rounded to whole dimensions
     * @param originalContextLength of the pre-training, in tokens
     * @param magnitude factor on cosines and sines
     */
    record Yarn(
            double factor,
            double betaFast,
            double betaSlow,
            boolean truncate,
            int originalContextLength,
            double magnitude)
            implements RopeScaling {

        @Override
        public int reach() {
            return (int) (factor * originalContextLength);
        }
    }

    /**
     * LongRoPE: each frequency is divided by its own factor, from one list for short prompts and one for long prompts.
     *
     * @param shortFactors one per pair
     * @param longFactors one per pair
     * @param originalContextLength longest short prompt, in tokens
     * @param shortMagnitude factor on cosines and sines of short prompts
     * @param longMagnitude the same for long ones
     */
    record LongRope(
            List<Double> shortFactors,
            List<Double> longFactors,
            int originalContextLength,
            double shortMagnitude,
            double longMagnitude)
            implements RopeScaling {

        /** Copies the lists. */
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }

        @Override
        public int regime(int tokens) {
            return tokens > originalContextLength ? 1 : 0;
        }
    }
}
