package dev.stratalens.server.model.architecture;

import java.util.Optional;

/**
 * Rotary position embedding, from either spelling of the configuration: {@code rope_theta} with {@code rope_scaling} beside
 * it, or one object {@code rope_parameters}.
 *
 * @param theta base of the frequencies, above 0
 * @param partialRotaryFactor share of each head's dimensions that is rotated, above 0, at most 1
 * @param scaling change of the frequencies
 */
public record RopeParameters(double theta, double partialRotaryFactor, RopeScaling scaling) {

    private static final String SUPPORTED_TYPES = "\"default\", \"linear\", \"llama3\"";

    /** What a family assumes where its configuration says nothing. */
    public record Defaults(double theta, double partialRotaryFactor) {

        /** All dimensions rotated, with base 10,000. */
        public static final Defaults USUAL = new Defaults(10_000, 1);
    }

    /** Reads and checks what a configuration says. */
    public static RopeParameters of(HfConfig config, Defaults defaults) {
        Optional<HfConfig> rope = ropeObject(config);
        HfConfig thetaOwner = owner("rope_theta", rope, config);
        HfConfig partialOwner = owner("partial_rotary_factor", rope, config);
        return new RopeParameters(
                above(0, thetaOwner, "rope_theta", thetaOwner.number("rope_theta", defaults.theta())),
                share(partialOwner, partialOwner.number("partial_rotary_factor", defaults.partialRotaryFactor())),
                rope.map(object -> scaling(object, config)).orElseGet(RopeScaling.None::new));
    }

    private static Optional<HfConfig> ropeObject(HfConfig config) {
        return config.object("rope_scaling")
                .filter(object -> !object.keys().isEmpty())
                .or(() -> config.object("rope_parameters"));
    }

    /** Who has the key: the object if it does, else the configuration around it. */
    private static HfConfig owner(String key, Optional<HfConfig> rope, HfConfig config) {
        return rope.filter(object -> object.has(key)).orElse(config);
    }

    private static RopeScaling scaling(HfConfig rope, HfConfig config) {
        for (String layerType : new String[] {"full_attention", "sliding_attention"}) {
            if (rope.has(layerType)) {
                throw rope.invalid(layerType, "an object of its own", "one rope for all layers");
            }
        }
        String type = rope.optionalString("rope_type").orElseGet(() -> rope.string("type", "default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(positive(rope, "factor"));
            case "llama3" -> llama3(rope, config);
            default -> throw rope.invalid("rope_type", '"' + type + '"', SUPPORTED_TYPES);
        };
    }

    private static RopeScaling llama3(HfConfig rope, HfConfig config) {
        double low = positive(rope, "low_freq_factor");
        double high = above(low, rope, "high_freq_factor", rope.number("high_freq_factor"));
        String original = "original_max_position_embeddings";
        // The top level wins over the object: transformers' own order.
        int originalLength = config.optionalInteger(original)
                .orElseGet(() ->
                        rope.optionalInteger(original).orElseGet(() -> config.integer("max_position_embeddings")));
        return new RopeScaling.Llama3(positive(rope, "factor"), low, high, originalLength);
    }

    private static double positive(HfConfig config, String key) {
        return above(0, config, key, config.number(key));
    }

    private static double above(double bound, HfConfig config, String key, double value) {
        if (value > bound) {
            return value;
        }
        throw config.invalid(key, value, "a number above " + bound);
    }

    private static double share(HfConfig config, double value) {
        if (value > 0 && value <= 1) {
            return value;
        }
        throw config.invalid("partial_rotary_factor", value, "a number above 0 and at most 1");
    }
}
