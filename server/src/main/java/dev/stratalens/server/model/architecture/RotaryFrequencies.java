package dev.stratalens.server.model.architecture;

/**
 * Rotary frequencies and angles in float32, step by step as transformers computes them, so that long positions round the
 * same way.
 */
public final class RotaryFrequencies {

    private final float[] frequencies;

    /** Derives the frequencies of a head. */
    public RotaryFrequencies(RopeParameters rope, int headSize) {
        int rotated = (int) (headSize * rope.partialRotaryFactor());
        frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = (float) (2 * i) / rotated;
            frequencies[i] = scaled((float) (1 / Math.pow(rope.theta(), exponent)), rope.scaling());
        }
    }

    /** Rotated pairs of a head, r. */
    public int pairs() {
        return frequencies.length;
    }

    /** Angle of a pair at a position. */
    public float angle(int position, int pair) {
        return position * frequencies[pair];
    }

    private static float scaled(float frequency, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return (float) (frequency / linear.factor());
        } else if (scaling instanceof RopeScaling.Llama3 llama3) {
            return scaled(frequency, llama3);
        }
        return frequency;
    }

    /** Wavelengths beyond the original context are stretched, short ones kept, those between interpolated. */
    private static float scaled(float frequency, RopeScaling.Llama3 scaling) {
        double wavelength = 2 * Math.PI / frequency;
        double original = scaling.originalContextLength();
        if (wavelength > original / scaling.lowFrequencyFactor()) {
            return (float) (frequency / scaling.factor());
        } else if (wavelength < original / scaling.highFrequencyFactor()) {
            return frequency;
        }
        double smooth = (original / wavelength - scaling.lowFrequencyFactor())
                / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        return (float) ((1 - smooth) * frequency / scaling.factor() + smooth * frequency);
    }
}
