package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.function.IntPredicate;

/** Keys that mixtures of experts share. */
final class Experts {

    static final String INNER = "moe_intermediate_size";

    private static final String COUNT = "num_local_experts";
    private static final String CHOSEN = "num_experts_per_tok";

    /** Largest accepted number of experts, several times that of any model. */
    private static final int MAXIMUM = 4096;

    private Experts() {}

    /** Experts of a block. */
    static int count(HfConfig config, int classDefault) {
        return believed(config, config.sameEverywhere(COUNT, classDefault));
    }

    /** The same for a class without a default. */
    static int count(HfConfig config) {
        return believed(config, config.integer(COUNT));
    }

    private static int believed(HfConfig config, int count) {
        if (count > MAXIMUM) {
            throw config.invalid(COUNT, count, "at most %,d".formatted(MAXIMUM));
        }
        return count;
    }

    /** Number of experts of a token, checked against the number of experts. */
    static int chosen(HfConfig config, int classDefault, int experts) {
        return within(config, config.sameEverywhere(CHOSEN, classDefault), experts);
    }

    /** The same for a class without a default. */
    static int chosen(HfConfig config, int experts) {
        return within(config, config.integer(CHOSEN), experts);
    }

    private static int within(HfConfig config, int chosen, int experts) {
        if (chosen > experts) {
            throw config.invalid(CHOSEN, chosen, "at most as many as there are experts, " + experts);
        }
        return chosen;
    }

    /** Names that most families have: a router {@code gate} beside the experts. */
    static MixtureWeights usual(HfConfig config, int experts, int inner) {
        String folder = "layers.{}.mlp.experts";
        return new MixtureWeights(config.integer("hidden_size"), experts, inner)
                .router("layers.{}.mlp.gate")
                .each(folder, folder, "gate_proj", "up_proj", "down_proj");
    }

    /** Names of files whose layout transformers 5 changes in memory. */
    static MixtureWeights renamed(HfConfig config, int experts, int inner) {
        String folder = "layers.{}.block_sparse_moe";
        return new MixtureWeights(config.integer("hidden_size"), experts, inner)
                .router(folder + ".gate", "layers.{}.mlp.gate")
                .each(folder + ".experts", "layers.{}.mlp.experts", "w1", "w3", "w2");
    }

    /** Every n-th block, except the listed ones. */
    static IntPredicate everySparseStep(HfConfig config) {
        int step = config.integer("decoder_sparse_step", 1);
        List<Double> dense = config.optionalNumbers("mlp_only_layers").orElse(List.of());
        return block -> (block + 1) % step == 0 && !dense.contains((double) block);
    }

    /** Blocks with a mixture, as the file lists them, else by the rule. */
    static IntPredicate sparse(HfConfig config, IntPredicate rule) {
        return BlockKinds.of(config, "mlp_layer_types", List.of("sparse"), List.of("dense"), rule);
    }

    /** All blocks except the first ones. */
    static IntPredicate afterDense(HfConfig config, int classDefault) {
        int first = config.integerOrZero("first_k_dense_replace", classDefault);
        return block -> block >= first;
    }
}
