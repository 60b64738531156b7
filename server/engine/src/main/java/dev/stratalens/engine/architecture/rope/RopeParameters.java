package dev.stratalens.engine.architecture.rope;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Optional;

/**
 * Rotary position embedding, from either spelling of the configuration: {@code rope_theta} with {@code rope_scaling} beside
 * it, or one object {@code rope_parameters}.
 *
 * @param theta base of the frequencies, above 0
 * @param partialRotaryFactor rotated share of each head's dimensions, above 0, at most 1
 * @param scaling change of the frequencies
 */
public record RopeParameters(double theta, double partialRotaryFactor, RopeScaling scaling) {

    /** Defaults of a family for a configuration without the keys. */
    public record Defaults(double theta, double partialRotaryFactor) {

        /** All dimensions rotated, with base 10,000. */
        public static final Defaults USUAL = new Defaults(10_000, 1);

        /** All dimensions rotated. */
        public static Defaults theta(double theta) {
            return new Defaults(theta, 1);
        }

        /** Base 10,000. */
        public static Defaults partial(double factor) {
            return new Defaults(10_000, factor);
        }
    }

    /** Reads and checks a configuration. */
    public static RopeParameters of(HfConfig config, Defaults defaults) {
        Optional<HfConfig> rope = object(config);
        rope.ifPresent(RopeParameters::refuseLayerTypes);
        return read(config, rope, defaults);
    }

    /**
     * Reads the part of a layer type if the configuration has one object for each, else as {@link #of}.
     *
     * @param layerType {@code full_attention} or {@code sliding_attention}
     */
    public static RopeParameters ofLayerType(HfConfig config, String layerType, Defaults defaults) {
        Optional<HfConfig> rope = object(config);
        Optional<HfConfig> own = rope.flatMap(object -> object.object(layerType));
        return own.isPresent() ? read(config, own, defaults) : of(config, defaults);
    }

    /** Factor on the scores from a scaling's {@code mscale_all_dim}, if a family has it; else 1. */
    public static double scoreFactor(HfConfig config) {
        return object(config)
                .map(rope -> new RopeScalingReader(config, rope).scoreFactor())
                .orElse(1.0);
    }

    /** No scaling. */
    public static RopeParameters unscaled(double theta) {
        return new RopeParameters(theta, 1, new RopeScaling.None());
    }

    /** Another base. */
    public RopeParameters withTheta(double other) {
        return new RopeParameters(other, partialRotaryFactor, scaling);
    }

    /** The same without a factor on cosines and sines, if the scaling is YaRN. */
    public RopeParameters withoutMagnitude() {
        return scaling instanceof RopeScaling.Yarn yarn
                ? new RopeParameters(
                        theta,
                        partialRotaryFactor,
                        new RopeScaling.Yarn(
                                yarn.factor(),
                                yarn.betaFast(),
                                yarn.betaSlow(),
                                yarn.truncate(),
                                yarn.originalContextLength(),
                                1))
                : this;
    }

    /** Another share of the dimensions. */
    public RopeParameters withPartialRotaryFactor(double factor) {
        return new RopeParameters(theta, factor, scaling);
    }

    /** Checks the lists of a LongRoPE against the number of rotated pairs. */
    public void check(HfConfig config, int headSize) {
        if (scaling instanceof RopeScaling.LongRope longRope) {
            int pairs = RotaryFrequencies.rotated(this, headSize) / 2;
            for (List<Double> factors : List.of(longRope.shortFactors(), longRope.longFactors())) {
                if (factors.size() != pairs) {
                    throw config.invalid("rope_scaling", factors.size() + " factors", pairs + ", one per rotated pair");
                }
            }
        }
    }

    /** The object with type and factors, in either spelling. */
    static Optional<HfConfig> object(HfConfig config) {
        return config.object("rope_scaling")
                .filter(object -> !object.keys().isEmpty())
                .or(() -> config.object("rope_parameters"));
    }

    private static RopeParameters read(HfConfig config, Optional<HfConfig> rope, Defaults defaults) {
        HfConfig thetaOwner = owner("rope_theta", rope, config);
        HfConfig partialOwner = owner("partial_rotary_factor", rope, config);
        double theta =
                RopeScalingReader.above(0, thetaOwner, "rope_theta", thetaOwner.number("rope_theta", defaults.theta()));
        double partial =
                share(partialOwner, partialOwner.number("partial_rotary_factor", defaults.partialRotaryFactor()));
        RopeScaling scaling =
                rope.map(object -> new RopeScalingReader(config, object).read()).orElseGet(RopeScaling.None::new);
        return new RopeParameters(theta, scaling instanceof RopeScaling.Proportional ? 1 : partial, scaling);
    }

    /** The owner of a key: the object if it has it, else the configuration around it. */
    private static HfConfig owner(String key, Optional<HfConfig> rope, HfConfig config) {
        return rope.filter(object -> object.has(key)).orElse(config);
    }

    private static void refuseLayerTypes(HfConfig rope) {
        for (String layerType : new String[] {"full_attention", "sliding_attention"}) {
            if (rope.has(layerType)) {
                throw rope.unsupported(layerType, "an object for each kind of layer", "one rope for all layers");
            }
        }
    }

    private static double share(HfConfig config, double value) {
        if (value > 0 && value <= 1) {
            return value;
        }
        throw config.invalid("partial_rotary_factor", value, "a number above 0 and at most 1");
    }
}
