package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LayerNormFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.AttentionGate;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeParameters.Defaults;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Mixtures of experts in which blocks with a window rotate in another way than the others. */
public final class WindowedMixtures {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "cohere2_moe", WindowedMixtures::cohere,
            "kolibri1", WindowedMixtures::kolibri,
            "laguna", WindowedMixtures::laguna,
            "mellum", WindowedMixtures::mellum);

    private WindowedMixtures() {}

    private static ArchitectureBuilder mellum(HfConfig config) {
        IntPredicate windowed = Windows.windowed(config, block -> false);
        Experts experts = Experts.of(config, 64, 8);
        return LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(4)
                .headSizeByDefault(128)
                .rotary(Reading.ropes(config, windowed, Defaults.theta(10_000), Defaults.theta(500_000)))
                .window(Windows.of(config, Windows.size(config, 1024), windowed))
                .mixture(new Mixture(
                        Experts.sparse(config, block -> true), experts.softmax(true), experts.usualByDefault(896)))
                .ignore("mtp\\..*");
    }

    /** The output of the attention has gates; blocks may have heads of their own number. */
    private static ArchitectureBuilder laguna(HfConfig config) {
        Reading.refuse(config, "moe_apply_router_weight_on_input", true);
        Reading.only(config, "moe_router_logit_softcapping", 0);
        IntPredicate windowed = Windows.windowed(config, block -> false);
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128);
        Experts experts = Experts.of(config, 256, 8);
        return headsOfBlocks(builder.with(LlamaFamilies::normedHeads))
                .attentionGate(AttentionGate.SOFTPLUS)
                .rotary(Reading.ropes(config, windowed, Defaults.theta(10_000), new Defaults(500_000, 0.5)))
                .window(Windows.of(config, Windows.size(config, 512), windowed))
                .mixture(new Mixture(
                        Experts.sparse(config, block -> block > 0),
                        experts.router(Scoring.SIGMOID, true).scaled(config.number("moe_routed_scaling_factor", 1)),
                        correctedBesideShared(experts, "mlp.experts.e_score_correction_bias", "shared_expert")));
    }

    private static ArchitectureBuilder headsOfBlocks(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        int size = builder.extents().checked(config).headSize();
        boolean biased = config.bool("attention_bias", false);
        boolean eachHead =
                config.isText("gating") ? config.string("gating").equals("per-head") : config.bool("gating", true);
        int blocks = builder.extents().blocks();
        List<Double> listed = Reading.ofBlocks(config, "num_attention_heads_per_layer", blocks)
                .orElse(Collections.nCopies(blocks, (double) builder.extents().heads()));
        int hidden = builder.extents().hidden();
        listed.forEach(heads -> builder.extents().withHeads(heads.intValue()).checked(config));
        return builder.extents(builder.extents()
                        .withHeadSize(size)
                        .withHeads(Collections.max(listed).intValue()))
                .differing(block -> true, block -> {
                    long heads = listed.get(block).longValue();
                    return new MixerWeights("layers.{}.self_attn.")
                            .product(Slot.QUERY, "q_proj", heads * size, hidden, biased)
                            .product(Slot.ATTENTION_GATE, "g_proj", eachHead ? heads : heads * size, hidden)
                            .product(Slot.ATTENTION_OUTPUT, "o_proj", hidden, heads * size, biased);
                });
    }

    private static MixtureWeights correctedBesideShared(Experts experts, String correction, String shared) {
        return experts.usualByDefault(512)
                .scoreCorrection("layers.{}." + correction, "layers.{}.mlp.gate.e_score_correction_bias")
                .shared("layers.{}.mlp." + shared, experts.config().integer("shared_expert_intermediate_size", 512));
    }

    /** Blocks without a window do not rotate. Experts are chosen by logits, and weighted by sigmoids. */
    private static ArchitectureBuilder kolibri(HfConfig config) {
        Reading.refuse(config, "attention_bias", true);
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(5));
        int size = Windows.size(config, 513);
        RopeParameters rope = Reading.theta(config, 10_000);
        Experts experts = Experts.of(config, 384, 6);
        return LlamaFamilies.base(config)
                .with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(4)
                .headSizeByDefault(128)
                .rotary(block -> Optional.of(rope).filter(some -> size == 0 || windowed.test(block)))
                .window(Windows.of(config, size, windowed))
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_attn_norm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_ffn_norm")
                .mixture(new Mixture(
                        block -> true,
                        experts.router(Scoring.SIGMOID_OF_CHOSEN, config.bool("norm_topk_prob", false)),
                        correctedBesideShared(experts, "moe.router.expert_bias", "shared_experts")));
    }

    /** Cohere 2 with experts; the first blocks may be dense. */
    private static ArchitectureBuilder cohere(HfConfig config) {
        int first = config.integerOrZero("first_k_dense_replace", 0);
        int firstPattern = config.integer("prefix_dense_sliding_window_pattern", 1);
        int pattern = Windows.pattern(config, 4);
        IntPredicate windowed = Windows.windowed(
                config, block -> block < first ? (block + 1) % firstPattern != 0 : (block - first + 1) % pattern != 0);
        IntPredicate sparse = Experts.sparse(config, block -> block >= first);
        int size = Windows.size(config, 4096);
        RopeParameters rope = Reading.theta(config, 10_000);
        ArchitectureBuilder builder = LayerNormFamilies.parallelCohere(config).headSizeByDefault(128);
        int inner = config.integer("intermediate_size", 22_528);
        builder.extents(builder.extents().withInner(config.integer("prefix_dense_intermediate_size", inner)));
        if (config.has("rms_norm_eps")) {
            builder.norm(NormKind.RMS_NORM, config.number("rms_norm_eps"));
        }
        IntPredicate rotates =
                block -> (size > 0 && windowed.test(block)) || (firstPattern == 1 && !sparse.test(block));
        return builder.rotary(block -> Optional.of(rope).filter(some -> rotates.test(block)))
                .window(Windows.of(config, size, windowed))
                .mixture(cohereMixture(config, sparse, inner));
    }

    private static Mixture cohereMixture(HfConfig config, IntPredicate sparse, int inner) {
        Experts experts = Experts.of(config, 8, 2);
        int shared = config.integerOrZero("num_shared_experts", 0);
        String function = config.string("expert_selection_fn", "softmax");
        String joined = config.string("shared_expert_combination_strategy", "average");
        if (!List.of("softmax", "sigmoid").contains(function)) {
            throw config.unsupported("expert_selection_fn", function, "softmax and sigmoid");
        } else if (!List.of("average", "sum").contains(joined)) {
            throw config.unsupported("shared_expert_combination_strategy", joined, "average and sum");
        }
        boolean soft = function.equals("softmax");
        Router router = experts.router(
                soft ? Scoring.SOFTMAX_OF_CHOSEN : Scoring.SIGMOID_OF_CHOSEN,
                !soft && config.bool("norm_topk_prob", true));
        return new Mixture(
                sparse,
                shared > 0 && joined.equals("average") ? router.averaged() : router,
                experts.usual(inner).shared("layers.{}.mlp.shared_experts", shared * inner));
    }
}
