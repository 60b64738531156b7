package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Keys that need more than a getter. */
public final class Reading {

    private static final double APERTUS_THETA = 12_000_000;

    private Reading() {}

    /** Refuses a value with an unsupported effect on the computation. */
    public static void refuse(HfConfig config, String key, boolean refused) {
        if (config.bool(key, !refused) == refused) {
            throw config.unsupported(key, refused, String.valueOf(!refused));
        }
    }

    /** Refuses any activation but one, where the program computes only that. */
    public static void onlyActivation(HfConfig config, String key, String only) {
        String name = config.string(key, only);
        if (!name.equals(only)) {
            throw config.unsupported(key, name, only);
        }
    }

    /** Refuses any number but one, which is also the class default. */
    public static void only(HfConfig config, String key, Number only) {
        double number = config.number(key, only.doubleValue());
        if (number != only.doubleValue()) {
            throw config.unsupported(key, number, String.valueOf(only));
        }
    }

    /** A list with a number for each block. */
    public static Optional<List<Double>> ofBlocks(HfConfig config, String key, int blocks) {
        return numbers(config, key, blocks, "one for each of " + blocks + " blocks");
    }

    /** A list of a given number of numbers. */
    public static Optional<List<Double>> numbers(HfConfig config, String key, int count) {
        return numbers(config, key, count, String.valueOf(count));
    }

    private static Optional<List<Double>> numbers(HfConfig config, String key, int count, String allowed) {
        Optional<List<Double>> numbers = config.optionalNumbers(key);
        numbers.filter(all -> all.size() != count).ifPresent(all -> {
            throw config.invalid(key, all.size() + " numbers", allowed);
        });
        return numbers;
    }

    /** Refuses a scaling of the rotation. */
    public static RopeParameters unscaled(HfConfig config, RopeParameters rope) {
        if (!(rope.scaling() instanceof RopeScaling.None)) {
            throw config.unsupported("rope_parameters", "a scaling", "no scaling");
        }
        return rope;
    }

    /** Whether the file says how to rotate beyond a base. */
    public static boolean namesRope(HfConfig config) {
        return config.has("rope_scaling") || config.has("rope_parameters");
    }

    /** Rotary embedding with the base of the class as default. */
    public static RopeParameters theta(HfConfig config, double classDefault) {
        return RopeParameters.of(config, RopeParameters.Defaults.theta(classDefault));
    }

    /** Apertus scales by default, and then ignores {@code rope_theta}. */
    public static RopeParameters ropeOrApertus(HfConfig config) {
        return namesRope(config)
                ? theta(config, APERTUS_THETA)
                : new RopeParameters(APERTUS_THETA, 1, new RopeScaling.Llama3(8, 1, 4, 8192));
    }

    /** Rotary embeddings for blocks with a window and for the others; without the keys, those of the class. */
    public static IntFunction<Optional<RopeParameters>> ropes(
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
    public static IntFunction<Optional<RopeParameters>> proportionalRopes(
            HfConfig config, IntPredicate windowed, double share) {
        if (config.has("rope_parameters")) {
            return ropes(config, windowed, RopeParameters.Defaults.USUAL, RopeParameters.Defaults.USUAL);
        }
        var sliding = Optional.of(RopeParameters.unscaled(10_000));
        var full = Optional.of(new RopeParameters(1_000_000, 1, new RopeScaling.Proportional(share, 1)));
        return block -> windowed.test(block) ? sliding : full;
    }

    /** Null means no cap; a missing key means the class default. */
    public static double softcap(HfConfig config, String key, double classDefault) {
        return config.names(key) ? config.number(key, 0) : classDefault;
    }

    /** SmolLM3's list, which means the opposite of its name: 1 is a block that rotates. */
    public static IntPredicate rotatingBlocks(HfConfig config) {
        Optional<List<Double>> listed = config.optionalNumbers("no_rope_layers");
        int interval = config.integer("no_rope_layer_interval", 4);
        return listed.<IntPredicate>map(list -> block -> block < list.size() && list.get(block) != 0)
                .orElse(block -> (block + 1) % interval != 0);
    }
}
