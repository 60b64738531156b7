package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.GatedUnit;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.QueryKeyNorm;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** Relatives of Llama with a mixture of experts as feed-forward. */
final class MixtureFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.ofEntries(
            Map.entry("aria_text", MixtureFamilies::aria),
            Map.entry("ernie4_5_moe", MixtureFamilies::ernie),
            Map.entry("gpt_oss", MixtureFamilies::gptOss),
            Map.entry("granitemoe", MixtureFamilies::granite),
            Map.entry("granitemoeshared", MixtureFamilies::granite),
            Map.entry("hunyuan_v1_moe", MixtureFamilies::hunyuan),
            Map.entry("minimax_m2", MixtureFamilies::minimax2),
            Map.entry("mixtral", MixtureFamilies::mixtral),
            Map.entry("olmoe", MixtureFamilies::olmoe),
            Map.entry("phimoe", MixtureFamilies::phimoe),
            Map.entry("qwen2_moe", MixtureFamilies::qwen2),
            Map.entry("qwen3_moe", MixtureFamilies::qwen3));

    private static final int WINDOW = 4096;
    private static final double GPT_OSS_THETA = 150_000;

    private MixtureFamilies() {}

    private static ArchitectureBuilder mixtral(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        int experts = Experts.count(config, 8);
        return builder.keyValueHeadsByDefault(8)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(Reading.theta(config, 1_000_000))
                .window(Windows.everywhere(config))
                .mixture(new Mixture(
                        block -> true,
                        Router.of(Scoring.SOFTMAX, Experts.chosen(config, 2, experts), true),
                        Experts.renamed(config, experts, builder.extents().inner())));
    }

    /** Norms on all heads at once, and sigmoids as scores. */
    private static ArchitectureBuilder minimax2(HfConfig config) {
        ArchitectureBuilder builder =
                LlamaFamilies.base(config).keyValueHeadsByDefault(8).headSizeByDefault(128);
        int size = builder.extents().headSize();
        double partial = config.has("rotary_dim") ? (double) config.integer("rotary_dim") / size : 1;
        int experts = Experts.count(config, 256);
        WeightSource correction = WeightSource.whole(
                        "layers.{}.block_sparse_moe.e_score_correction_bias", (long) experts)
                .or(WeightSource.whole("layers.{}.mlp.e_score_correction_bias", (long) experts));
        return builder.rotary(RopeParameters.of(config, new RopeParameters.Defaults(5_000_000, partial)))
                .queryKeyNorm(QueryKeyNorm.ALL_HEADS, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm")
                .mixture(new Mixture(
                        block -> true,
                        Router.of(Scoring.SIGMOID, Experts.chosen(config, 8, experts), true),
                        Experts.renamed(config, experts, builder.extents().inner())
                                .scoreCorrection(correction)))
                .ignore("mtp\\..*");
    }

    private static ArchitectureBuilder qwen2(HfConfig config) {
        int experts = Experts.count(config, 60);
        int lastWindowed = config.integerOrZero("max_window_layers", 28);
        MixtureWeights weights = Experts.usual(config, experts, config.integer(Experts.INNER, 1408))
                .shared("layers.{}.mlp.shared_expert", config.integer("shared_expert_intermediate_size", 5632))
                .sharedGate("layers.{}.mlp.shared_expert_gate");
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(16)
                .bias(config.bool("qkv_bias", true), LlamaFamilies.QUERY_KEY_VALUE)
                .window(Windows.of(
                        config, Windows.switchedOn(config, WINDOW), block -> block % 2 == 0 && block < lastWindowed))
                .mixture(new Mixture(Experts.everySparseStep(config), qwenRouter(config, experts, 4), weights));
    }

    private static ArchitectureBuilder qwen3(HfConfig config) {
        int experts = Experts.count(config, 128);
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        builder.keyValueHeadsByDefault(4);
        return LlamaFamilies.normedHeads(LlamaFamilies.attentionBias(builder, false))
                .window(Windows.of(config, Windows.switchedOn(config, WINDOW), block -> true))
                .mixture(new Mixture(
                        Experts.everySparseStep(config),
                        qwenRouter(config, experts, 8),
                        Experts.usual(config, experts, config.integer(Experts.INNER, 768))));
    }

    private static Router qwenRouter(HfConfig config, int experts, int chosenByDefault) {
        return Router.of(
                Scoring.SOFTMAX,
                Experts.chosen(config, chosenByDefault, experts),
                config.bool("norm_topk_prob", false));
    }

    private static ArchitectureBuilder olmoe(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), false);
        int experts = Experts.count(config, 64);
        return builder.norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .queryKeyNorm(QueryKeyNorm.ALL_HEADS, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm")
                .clip(config.number("clip_qkv", 0))
                .mixture(new Mixture(
                        block -> true,
                        qwenRouter(config, experts, 8),
                        Experts.usual(config, experts, builder.extents().inner())));
    }

    /** Experts with their inputs first. */
    private static ArchitectureBuilder aria(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.llama(config);
        int experts = Experts.count(config, 8);
        int inner = builder.extents().inner();
        String folder = "layers.{}.mlp.";
        var weights = new MixtureWeights(builder.extents().hidden(), experts, inner)
                .router(folder + "router")
                .stackedTransposed(folder + "experts.fc1.weight", folder + "experts.fc2.weight")
                .stackedTransposed(folder + "experts.gate_up_proj", folder + "experts.down_proj")
                .shared(folder + "shared_experts", inner * config.integer("moe_num_shared_experts", 2));
        return builder.mixture(new Mixture(
                block -> true,
                Router.of(Scoring.SOFTMAX_OF_CHOSEN, Experts.chosen(config, 2, experts), false),
                weights));
    }

    private static ArchitectureBuilder hunyuan(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.hunyuan(config);
        int experts = Experts.count(config, 1);
        int inner = builder.extents().inner();
        return builder.mixture(new Mixture(
                block -> true,
                Router.of(Scoring.SOFTMAX, Experts.chosen(config, 1, experts), true),
                Experts.usual(config, experts, inner)
                        .router("layers.{}.mlp.gate.wg")
                        .shared("layers.{}.mlp.shared_mlp", inner)));
    }

    private static ArchitectureBuilder granite(HfConfig config) {
        return granite(config, 0);
    }

    static ArchitectureBuilder granite(HfConfig config, int sharedByDefault) {
        ArchitectureBuilder builder = GraniteFamilies.granite(config);
        int experts = Experts.count(config, 8);
        int shared = config.integerOrZero("shared_intermediate_size", sharedByDefault);
        String folder = "layers.{}.block_sparse_moe";
        var weights = new MixtureWeights(
                        builder.extents().hidden(), experts, builder.extents().inner())
                .router(folder + ".router.layer", folder + ".router")
                .stacked(folder + ".input_linear.weight", folder + ".output_linear.weight")
                .stacked(folder + ".experts.gate_up_proj", folder + ".experts.down_proj");
        if (shared > 0) {
            weights.sharedFused("layers.{}.shared_mlp.input_linear", "layers.{}.shared_mlp.output_linear", shared);
        }
        return builder.mixture(new Mixture(
                block -> true,
                Router.of(Scoring.SOFTMAX_OF_CHOSEN, Experts.chosen(config, 2, experts), false),
                weights));
    }

    private static ArchitectureBuilder gptOss(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), true);
        builder.keyValueHeadsByDefault(8).headSizeByDefault(64);
        int experts = Experts.count(config, 128);
        if (config.number("swiglu_alpha", 1.702) != 1.702) {
            throw config.unsupported("swiglu_alpha", config.number("swiglu_alpha"), "1.702");
        }
        var weights = new MixtureWeights(
                        builder.extents().hidden(), experts, builder.extents().inner())
                .router("layers.{}.mlp.router")
                .routerBias("layers.{}.mlp.router.bias")
                .stackedInputsFirst("layers.{}.mlp.experts.gate_up_proj", "layers.{}.mlp.experts.down_proj");
        return builder.norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .activation(Activation.GELU_SIGMOID)
                .gatedUnit(new GatedUnit(config.number("swiglu_limit", 7), 1, 1, 1))
                .rotary(gptOssRope(config))
                .window(Windows.of(config, Windows.size(config, 128), block -> block % 2 == 0))
                .blockTensor(Slot.ATTENTION_SINKS, WeightSource.whole("layers.{}.self_attn.sinks", (long)
                        builder.extents().heads()))
                .mixture(new Mixture(
                        block -> true,
                        Router.of(Scoring.SOFTMAX_OF_CHOSEN, Experts.chosen(config, 4, experts), false),
                        weights));
    }

    /** Scaled by default. */
    private static RopeParameters gptOssRope(HfConfig config) {
        return config.has("rope_scaling") || config.has("rope_parameters")
                ? Reading.theta(config, GPT_OSS_THETA)
                : new RopeParameters(
                        config.number("rope_theta", GPT_OSS_THETA),
                        1,
                        new RopeScaling.Yarn(32, 32, 1, false, 4096, 0.1 * Math.log(32) + 1));
    }

    /**
     * Long prompts of a LongRoPE rotate by the long factors, as in the authors' code; transformers 5.23 uses the short
     * ones for all.
     */
    private static ArchitectureBuilder phimoe(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), false);
        int experts = Experts.count(config, 16);
        int chosen = Experts.chosen(config, 2, experts);
        if (chosen != 2) {
            throw config.unsupported("num_experts_per_tok", chosen, "2");
        }
        return builder.keyValueHeadsByDefault(8)
                .norm(NormKind.LAYER_NORM, config.number("rms_norm_eps", 1e-5))
                .normBias(true)
                .rotary(Reading.theta(config, 1_000_000))
                .window(Windows.everywhere(config))
                .bias(config.bool("lm_head_bias", false), Slot.UNEMBEDDING)
                .mixture(new Mixture(
                        block -> true,
                        Router.sparseMixer(chosen, 2 * config.number("router_jitter_noise", 0.01)),
                        Experts.renamed(config, experts, builder.extents().inner())));
    }

    private static ArchitectureBuilder ernie(HfConfig config) {
        Reading.refuse(config, "use_bias", true);
        ArchitectureBuilder builder = LlamaFamilies.ernie(config);
        int blocks = builder.extents().blocks();
        int experts = Experts.count(config, 64);
        int chosen = Experts.chosen(config, 6, experts);
        // A sum of the best of E probabilities is at least their share of E, so a lower bound below it changes nothing.
        double least = config.number("moe_norm_min", 1e-12);
        if (least > (double) chosen / experts) {
            throw config.unsupported("moe_norm_min", least, "at most num_experts_per_tok / num_local_experts");
        }
        int inner = config.integer(Experts.INNER, 1536);
        int interval = config.integer("moe_layer_interval", 1);
        int first = config.integerOrZero("moe_layer_start_index", 1);
        double end = config.number("moe_layer_end_index", -1);
        double last = end == -1 ? blocks - 1 : end;
        MixtureWeights weights = Experts.usual(config, experts, inner)
                .scoreCorrection(
                        WeightSource.whole("layers.{}.mlp.moe_statics.e_score_correction_bias", 1L, (long) experts));
        int shared = config.integerOrZero("moe_num_shared_experts", 2);
        if (shared > 0) {
            weights.shared("layers.{}.mlp.shared_experts", shared * inner);
        }
        // Unlike its dense relative, its configuration has no head size, so it is the hidden size divided by the heads.
        return builder.keyValueHeadsByDefault(4)
                .headSizeByDefault(0)
                .mixture(new Mixture(
                        block -> (block + 1) % interval == 0 && block >= first && block <= last,
                        Router.of(Scoring.SOFTMAX, chosen, true),
                        weights))
                .ignore("mtp.*");
    }
}
