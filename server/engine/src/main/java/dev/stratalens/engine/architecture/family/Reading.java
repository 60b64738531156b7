package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Keys that need more than a getter. */
final class Reading {

    private static final double APERTUS_THETA = 12_000_000;

    private Reading() {}

    /** Refuses a value with an unsupported effect on the computation. */
    static void refuse(HfConfig config, String key, boolean refused) {
        if (config.bool(key, !refused) == refused) {
            throw config.unsupported(key, refused, String.valueOf(!refused));
        }
    }

    /** Refuses any activation but one, where the program computes only that. */
    static void onlyActivation(HfConfig config, String key, String only) {
        String name = config.string(key, only);
        if (!name.equals(only)) {
            throw config.unsupported(key, name, only);
        }
    }

    /** Rotary embedding with the base of the class as default. */
    static RopeParameters theta(HfConfig config, double classDefault) {
        return RopeParameters.of(config, RopeParameters.Defaults.theta(classDefault));
    }

    /** Apertus scales by default, and then ignores {@code rope_theta}. */
    static RopeParameters ropeOrApertus(HfConfig config) {
        return config.has("rope_scaling") || config.has("rope_parameters")
                ? theta(config, APERTUS_THETA)
                : new RopeParameters(APERTUS_THETA, 1, new RopeScaling.Llama3(8, 1, 4, 8192));
    }

    /** Rotary embeddings for blocks with a window and for the others; without the keys, those of the class. */
    static IntFunction<Optional<RopeParameters>> ropes(
            HfConfig config, IntPredicate windowed, RopeParameters.Defaults sliding, RopeParameters.Defaults full) {
        boolean named = config.has("rope_parameters");
        var usual = RopeParameters.Defaults.USUAL;
        Optional<RopeParameters> slidingRope =
                Optional.of(RopeParameters.ofLayerType(config, "sliding_attention", named ? usual : sliding));
        Optional<RopeParameters> fullRope =
                Optional.of(RopeParameters.ofLayerType(config, "full_attention", named ? usual : full));
        return block -> windowed.test(block) ? slidingRope : fullRope;
    }

    /** The same where, in blocks without a window, only a share of the pairs turns. */
    static IntFunction<Optional<RopeParameters>> proportionalRopes(
            HfConfig config, IntPredicate windowed, double share) {
        if (config.has("rope_parameters")) {
            return ropes(config, windowed, RopeParameters.Defaults.USUAL, RopeParameters.Defaults.USUAL);
        }
        var sliding = Optional.of(RopeParameters.unscaled(10_000));
        var full = Optional.of(new RopeParameters(1_000_000, 1, new RopeScaling.Proportional(share, 1)));
        return block -> windowed.test(block) ? sliding : full;
    }

    /** Null means no cap; a missing key means the class default. */
    static double softcap(HfConfig config, String key, double classDefault) {
        return config.names(key) ? config.number(key, 0) : classDefault;
    }

    /** SmolLM3's list, which means the opposite of its name: 1 is a block that rotates. */
    static IntPredicate rotatingBlocks(HfConfig config) {
        Optional<List<Double>> listed = config.optionalNumbers("no_rope_layers");
        int interval = config.integer("no_rope_layer_interval", 4);
        return listed.<IntPredicate>map(list -> block -> block < list.size() && list.get(block) != 0)
                .orElse(block -> (block + 1) % interval != 0);
    }
}
