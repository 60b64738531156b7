package dev.stratalens.engine.architecture.rope;

/**
 * Rotary frequencies and angles in float32, step by step as transformers computes them, so that long positions round the
 * same way.
 */
public final class RotaryFrequencies {

    private static final double ROUNDING = 1e-9;

    private final float[] frequencies;
    private final double magnitude;

    /**
     * Derives the frequencies of a head.
     *
     * @param tokens length of the prompt; some scalings depend on it
     */
    public RotaryFrequencies(RopeParameters rope, int headSize, int tokens) {
        int rotated = rotated(rope, headSize);
        RopeScaling scaling = rope.scaling();
        double theta = theta(rope.theta(), rotated, scaling, tokens);
        frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float wavelength = (float) Math.pow(theta, (float) (2 * i) / rotated);
            frequencies[i] = scaling instanceof RopeScaling.LongRope longRope
                    ? 1 / (factor(longRope, tokens, i) * wavelength)
                    : scaled(1 / wavelength, i, theta, rotated, scaling);
        }
        magnitude = magnitude(scaling, tokens);
    }

    /** Rotated dimensions of a head. */
    static int rotated(RopeParameters rope, int headSize) {
        return (int) (headSize * rope.partialRotaryFactor() + ROUNDING);
    }

    /** Rotated pairs of a head, r. */
    public int pairs() {
        return frequencies.length;
    }

    /** Angle of a pair at a position. */
    public float angle(int position, int pair) {
        return position * frequencies[pair];
    }

    /** Factor on cosines and sines. */
    public double magnitude() {
        return magnitude;
    }

    private static double theta(double theta, int rotated, RopeScaling scaling, int tokens) {
        double exponent = rotated / (rotated - 2.0);
        if (scaling instanceof RopeScaling.Alpha alpha) {
            return theta * Math.pow(alpha.alpha(), exponent);
        } else if (scaling instanceof RopeScaling.Dynamic dynamic && tokens > dynamic.contextLength()) {
            double stretch = dynamic.factor() * tokens / dynamic.contextLength() - (dynamic.factor() - 1);
            return theta * Math.pow(stretch, exponent);
        }
        return theta;
    }

    private static float factor(RopeScaling.LongRope scaling, int tokens, int pair) {
        var factors = scaling.regime(tokens) == 0 ? scaling.shortFactors() : scaling.longFactors();
        return factors.get(pair).floatValue();
    }

    private static double magnitude(RopeScaling scaling, int tokens) {
        if (scaling instanceof RopeScaling.Yarn yarn) {
            return yarn.magnitude();
        } else if (scaling instanceof RopeScaling.LongRope longRope) {
            return longRope.regime(tokens) == 0 ? longRope.shortMagnitude() : longRope.longMagnitude();
        }
        return 1;
    }

    private static float scaled(float frequency, int pair, double theta, int rotated, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return (float) (frequency / linear.factor());
        } else if (scaling instanceof RopeScaling.Proportional proportional) {
            boolean turning = pair < Math.floor(proportional.share() * rotated / 2);
            return turning ? (float) (frequency / proportional.factor()) : 0;
        } else if (scaling instanceof RopeScaling.Backward) {
            return -frequency;
        } else if (scaling instanceof RopeScaling.Llama3 llama3) {
            return scaled(frequency, llama3);
        } else if (scaling instanceof RopeScaling.Yarn yarn) {
            return scaled(frequency, pair, theta, rotated, yarn);
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

    private static float scaled(float frequency, int pair, double theta, int rotated, RopeScaling.Yarn scaling) {
        double low = dimension(scaling.betaFast(), theta, rotated, scaling.originalContextLength());
        double high = dimension(scaling.betaSlow(), theta, rotated, scaling.originalContextLength());
        if (scaling.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, rotated - 1);
        double width = high == low ? 0.001 : high - low; // transformers' guard against a division by 0
        double ramp = Math.max(0, Math.min(1, (pair - low) / width));
        return (float) (frequency / scaling.factor() * ramp + frequency * (1 - ramp));
    }

    /** The dimension with this number of turns in the original context. */
    private static double dimension(double turns, double theta, int rotated, int originalLength) {
        return rotated * Math.log(originalLength / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
