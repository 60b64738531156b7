package dev.stratalens.engine.architecture.rope;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Optional;

/**
 * Reads one kind of {@link RopeScaling}, with the defaults of transformers' {@code modeling_rope_utils}.
 *
 * @param rope object with type and factors, inside the configuration
 */
record RopeScalingReader(HfConfig config, HfConfig rope) {

    private static final String FACTOR = "factor";
    private static final String ATTENTION_FACTOR = "attention_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String LONGEST = "max_position_embeddings";
    private static final String SUPPORTED_TYPES =
            "\"default\", \"linear\", \"dynamic\", \"llama3\", \"yarn\", \"longrope\", \"proportional\"";

    RopeScaling read() {
        String type = rope.optionalString("rope_type").orElseGet(() -> rope.string("type", "default"));
        return switch (type) {
            case "default", "mrope" -> new RopeScaling.None();
            case "proportional" ->
                new RopeScaling.Proportional(rope.number("partial_rotary_factor", 1), rope.number(FACTOR, 1));
            case "linear" -> new RopeScaling.Linear(positive(FACTOR));
            // Hunyuan's models that see count positions of four kinds, which are equal in a text.
            case "dynamic", "xdrope" -> dynamic();
            case "llama3" -> llama3();
            // Phi-3's first files call LongRoPE "su", later "yarn" with its lists of factors.
            case "longrope", "su" -> longRope();
            case "yarn" -> rope.has("long_factor") ? longRope() : yarn();
            default -> throw rope.unsupported("rope_type", '"' + type + '"', SUPPORTED_TYPES);
        };
    }

    private RopeScaling dynamic() {
        return rope.has("alpha")
                ? new RopeScaling.Alpha(positive("alpha"))
                : new RopeScaling.Dynamic(positive(FACTOR), config.integer(LONGEST));
    }

    private RopeScaling llama3() {
        double low = positive("low_freq_factor");
        double high = above(low, rope, "high_freq_factor", rope.number("high_freq_factor"));
        return new RopeScaling.Llama3(positive(FACTOR), low, high, originalLength());
    }

    private RopeScaling yarn() {
        int original = originalLength();
        double factor = rope.has(FACTOR) ? positive(FACTOR) : (double) config.integer(LONGEST) / original;
        double slow = rope.number("beta_slow", 1);
        return new RopeScaling.Yarn(
                factor,
                above(slow, rope, "beta_fast", rope.number("beta_fast", 32)),
                slow,
                rope.bool("truncate", true),
                original,
                rope.optionalNumber(ATTENTION_FACTOR).orElseGet(() -> yarnMagnitude(factor)));
    }

    private double yarnMagnitude(double factor) {
        Optional<Double> ofAll = rope.optionalNumber("mscale_all_dim").filter(scale -> scale != 0);
        return rope.optionalNumber("mscale")
                .filter(scale -> scale != 0 && ofAll.isPresent())
                .map(scale -> yarnMagnitude(factor, scale) / yarnMagnitude(factor, ofAll.orElseThrow()))
                .orElseGet(() -> yarnMagnitude(factor, 1));
    }

    double scoreFactor() {
        boolean scaled = !(read() instanceof RopeScaling.None);
        double ofAll = rope.number("mscale_all_dim", 0);
        double magnitude = scaled && ofAll != 0 ? yarnMagnitude(positive(FACTOR), ofAll) : 1;
        return magnitude * magnitude;
    }

    private static double yarnMagnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private RopeScaling longRope() {
        int original = originalLength();
        double stretch = rope.has(FACTOR) ? positive(FACTOR) : (double) config.integer(LONGEST) / original;
        double magnitude = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
        double usual = rope.number(ATTENTION_FACTOR, magnitude);
        return new RopeScaling.LongRope(
                factors("short_factor"),
                factors("long_factor"),
                original,
                rope.number("short_mscale", usual),
                rope.number("long_mscale", usual));
    }

    private List<Double> factors(String key) {
        List<Double> factors = rope.numbers(key);
        factors.forEach(factor -> above(0, rope, key, factor));
        return factors;
    }

    /** The top level overrides the object, as in transformers. */
    private int originalLength() {
        return config.optionalInteger(ORIGINAL)
                .orElseGet(() -> rope.optionalInteger(ORIGINAL).orElseGet(() -> config.integer(LONGEST)));
    }

    private double positive(String key) {
        return above(0, rope, key, rope.number(key));
    }

    static double above(double bound, HfConfig config, String key, double value) {
        if (value > bound) {
            return value;
        }
        throw config.invalid(key, value, "a number above " + bound);
    }
}
