package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Groups;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Keys that mixtures of experts share.
 *
 * @param config of the text model
 * @param count experts of a block
 * @param chosen experts of a token
 */
public record Experts(HfConfig config, int count, int chosen) {

    public static final String INNER = "moe_intermediate_size";

    private static final String COUNT = "num_local_experts";
    private static final String CHOSEN = "num_experts_per_tok";

    /** Largest accepted number of experts, several times that of any model. */
    private static final int MAXIMUM = 4096;

    /** Checks the numbers. */
    public Experts {
        if (count > MAXIMUM) {
            throw config.invalid(COUNT, count, "at most %,d".formatted(MAXIMUM));
        }
        if (chosen > count) {
            throw config.invalid(CHOSEN, chosen, "at most as many as there are experts, " + count);
        }
    }

    /** Reads both numbers, with the defaults of the class. */
    public static Experts of(HfConfig config, int countByDefault, int chosenByDefault) {
        return new Experts(
                config, config.sameEverywhere(COUNT, countByDefault), config.sameEverywhere(CHOSEN, chosenByDefault));
    }

    /** Reads both numbers, of a class without a default for those of a token. */
    public static Experts of(HfConfig config, int countByDefault) {
        return new Experts(config, config.sameEverywhere(COUNT, countByDefault), config.integer(CHOSEN));
    }

    /** Reads both numbers, of a class without defaults. */
    public static Experts of(HfConfig config) {
        return new Experts(config, config.integer(COUNT), config.integer(CHOSEN));
    }

    /** A router with the scores as weights, divided by their sum if {@code normalized}. */
    public Router router(Scoring scoring, boolean normalized) {
        return Router.of(scoring, chosen, normalized);
    }

    /** A router with softmaxes, which a key normalizes. */
    public Router softmax(boolean normalizedByDefault) {
        return router(Scoring.SOFTMAX, config.bool("norm_topk_prob", normalizedByDefault));
    }

    /** DeepSeek's router with sigmoids, without groups. */
    public Router sigmoid(boolean normalizedByDefault, double scaleByDefault) {
        return router(Scoring.SIGMOID, config.bool("norm_topk_prob", normalizedByDefault))
                .scaled(config.number("routed_scaling_factor", scaleByDefault));
    }

    /** The same with groups, which are ranked by their two best scores. */
    public Router grouped(boolean normalizedByDefault, double scaleByDefault) {
        return sigmoid(normalizedByDefault, scaleByDefault).limitedTo(groups(1, 1, 2));
    }

    /** Groups of experts, ranked by some of their best scores. */
    public Groups groups(int countByDefault, int keptByDefault, int ranking) {
        int groups = config.integer("n_group", countByDefault);
        int kept = config.integer("topk_group", keptByDefault);
        if (count % groups != 0 || (groups > 1 && count / groups < ranking)) {
            throw config.invalid("n_group", groups, "a divisor of the experts, " + count);
        }
        if (kept > groups) {
            throw config.invalid("topk_group", kept, "at most n_group, " + groups);
        }
        return new Groups(groups, kept, ranking);
    }

    /** Weights without names yet. */
    public MixtureWeights weights(int inner) {
        return new MixtureWeights(config.integer("hidden_size"), count, inner);
    }

    /** Names that most families have: a router {@code gate} beside the experts. */
    public MixtureWeights usual(int inner) {
        String folder = "layers.{}.mlp.experts";
        return weights(inner).router("layers.{}.mlp.gate").each(folder, folder, "gate_proj", "up_proj", "down_proj");
    }

    /** The same with the usual key for the width of an expert. */
    public MixtureWeights usualByDefault(int innerByDefault) {
        return usual(config.integer(INNER, innerByDefault));
    }

    /** The same beside one expert for all tokens that is several times as wide, if any. */
    public MixtureWeights besideShared(int innerByDefault, String countKey, int countByDefault, String name) {
        int inner = config.integer(INNER, innerByDefault);
        return usual(inner).shared("layers.{}.mlp." + name, config.integerOrZero(countKey, countByDefault) * inner);
    }

    /** Names of files whose layout transformers 5 changes in memory. */
    public MixtureWeights renamed(int inner) {
        String folder = "layers.{}.block_sparse_moe";
        return weights(inner)
                .router(folder + ".gate", "layers.{}.mlp.gate")
                .each(folder + ".experts", "layers.{}.mlp.experts", "w1", "w3", "w2");
    }

    /** Every n-th block, except the listed ones. */
    public static IntPredicate everySparseStep(HfConfig config) {
        int step = config.integer("decoder_sparse_step", 1);
        List<Double> dense = config.optionalNumbers("mlp_only_layers").orElse(List.of());
        return block -> (block + 1) % step == 0 && !dense.contains((double) block);
    }

    /** Blocks with a mixture, as the file lists them, else by the rule. */
    public static IntPredicate sparse(HfConfig config, IntPredicate rule) {
        return BlockKinds.of(config, "mlp_layer_types", List.of("sparse"), List.of("dense"), rule);
    }

    /** All blocks except the first ones. */
    public static IntPredicate afterDense(HfConfig config, int classDefault) {
        return from(config, "first_k_dense_replace", classDefault);
    }

    /** The same with another key. */
    public static IntPredicate from(HfConfig config, String key, int classDefault) {
        int first = config.integerOrZero(key, classDefault);
        return block -> block >= first;
    }
}
