package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.GatedUnit;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.GraniteFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** Relatives of Llama with a mixture of experts as feed-forward. */
public final class MixtureFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.ofEntries(
            Map.entry("aria_text", MixtureFamilies::aria),
            Map.entry("ernie4_5_moe", MixtureFamilies::ernie),
            Map.entry("gpt_oss", MixtureFamilies::gptOss),
            Map.entry("granitemoe", MixtureFamilies::granite),
            Map.entry("granitemoe_swa", config -> GraniteFamilies.withSinks(granite(config))),
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
        Experts experts = Experts.of(config, 8, 2);
        return builder.keyValueHeadsByDefault(8)
                .epsilonByDefault(1e-5)
                .rotary(Reading.theta(config, 1_000_000))
                .window(Windows.everywhere(config))
                .mixture(new Mixture(
                        block -> true,
                        experts.router(Scoring.SOFTMAX, true),
                        experts.renamed(builder.extents().inner())));
    }

    /** Norms on all heads at once, and sigmoids as scores. */
    private static ArchitectureBuilder minimax2(HfConfig config) {
        ArchitectureBuilder builder =
                LlamaFamilies.base(config).keyValueHeadsByDefault(8).headSizeByDefault(128);
        int size = builder.extents().headSize();
        double partial = config.has("rotary_dim") ? (double) config.integer("rotary_dim") / size : 1;
        Experts experts = Experts.of(config, 256, 8);
        return builder.rotary(RopeParameters.of(config, new RopeParameters.Defaults(5_000_000, partial)))
                .queryKeyNorm(QueryKeyNorm.ALL_HEADS, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm")
                .mixture(new Mixture(
                        block -> true,
                        experts.router(Scoring.SIGMOID, true),
                        experts.renamed(builder.extents().inner())
                                .scoreCorrection(
                                        "layers.{}.block_sparse_moe.e_score_correction_bias",
                                        "layers.{}.mlp.e_score_correction_bias")))
                .ignore("mtp\\..*");
    }

    private static ArchitectureBuilder qwen2(HfConfig config) {
        Experts experts = Experts.of(config, 60, 4);
        int lastWindowed = config.integerOrZero("max_window_layers", 28);
        MixtureWeights weights = experts.usualByDefault(1408)
                .shared("layers.{}.mlp.shared_expert", config.integer("shared_expert_intermediate_size", 5632))
                .sharedGate("layers.{}.mlp.shared_expert_gate");
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(16)
                .bias(config.bool("qkv_bias", true), Slot.QUERY_KEY_VALUE)
                .window(Windows.of(
                        config, Windows.switchedOn(config, WINDOW), block -> block % 2 == 0 && block < lastWindowed))
                .mixture(new Mixture(Experts.everySparseStep(config), experts.softmax(false), weights));
    }

    private static ArchitectureBuilder qwen3(HfConfig config) {
        Experts experts = Experts.of(config, 128, 8);
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(4)
                .attentionBiasByDefault(false)
                .with(LlamaFamilies::normedHeads)
                .window(Windows.of(config, Windows.switchedOn(config, WINDOW), block -> true))
                .mixture(new Mixture(
                        Experts.everySparseStep(config), experts.softmax(false), experts.usualByDefault(768)));
    }

    private static ArchitectureBuilder olmoe(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Experts experts = Experts.of(config, 64, 8);
        return builder.epsilonByDefault(1e-5)
                .queryKeyNorm(QueryKeyNorm.ALL_HEADS, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm")
                .clip(config.number("clip_qkv", 0))
                .mixture(new Mixture(
                        block -> true,
                        experts.softmax(false),
                        experts.usual(builder.extents().inner())));
    }

    /** Experts with their inputs first. */
    private static ArchitectureBuilder aria(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.llama(config);
        Experts experts = Experts.of(config, 8, 2);
        int inner = builder.extents().inner();
        String folder = "layers.{}.mlp.";
        MixtureWeights weights = experts.weights(inner)
                .router(folder + "router")
                .stackedTransposed(folder + "experts.fc1.weight", folder + "experts.fc2.weight")
                .stackedTransposed(folder + "experts.gate_up_proj", folder + "experts.down_proj")
                .shared(folder + "shared_experts", inner * config.integer("moe_num_shared_experts", 2));
        return builder.mixture(new Mixture(block -> true, experts.router(Scoring.SOFTMAX_OF_CHOSEN, false), weights));
    }

    private static ArchitectureBuilder hunyuan(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.hunyuan(config);
        Experts experts = Experts.of(config, 1, 1);
        int inner = builder.extents().inner();
        return builder.mixture(new Mixture(
                block -> true,
                experts.router(Scoring.SOFTMAX, true),
                experts.usual(inner).router("layers.{}.mlp.gate.wg").shared("layers.{}.mlp.shared_mlp", inner)));
    }

    private static ArchitectureBuilder granite(HfConfig config) {
        return granite(config, 0);
    }

    public static ArchitectureBuilder granite(HfConfig config, int sharedByDefault) {
        ArchitectureBuilder builder = GraniteFamilies.granite(config);
        Experts experts = Experts.of(config, 8, 2);
        int shared = config.integerOrZero("shared_intermediate_size", sharedByDefault);
        String folder = "layers.{}.block_sparse_moe";
        MixtureWeights weights = experts.weights(builder.extents().inner())
                .router(folder + ".router.layer", folder + ".router")
                .stacked(folder + ".input_linear.weight", folder + ".output_linear.weight")
                .stacked(folder + ".experts.gate_up_proj", folder + ".experts.down_proj")
                .sharedFused("layers.{}.shared_mlp.input_linear", "layers.{}.shared_mlp.output_linear", shared);
        return builder.mixture(new Mixture(block -> true, experts.router(Scoring.SOFTMAX_OF_CHOSEN, false), weights));
    }

    private static ArchitectureBuilder gptOss(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(true);
        builder.keyValueHeadsByDefault(8).headSizeByDefault(64);
        Experts experts = Experts.of(config, 128, 4);
        Reading.only(config, "swiglu_alpha", 1.702);
        String folder = "layers.{}.mlp.experts";
        MixtureWeights named = experts.weights(builder.extents().inner())
                .router("layers.{}.mlp.router")
                .routerBias("layers.{}.mlp.router.bias");
        MixtureWeights weights = config.bool(HfConfig.EXPERTS_APART, false)
                ? named.eachBiased(folder, "gate_proj", "up_proj", "down_proj")
                : named.stackedInputsFirst(folder + ".gate_up_proj", folder + ".down_proj");
        return builder.epsilonByDefault(1e-5)
                .activation(Activation.GELU_SIGMOID)
                .gatedUnit(new GatedUnit(config.number("swiglu_limit", 7), 1, 1, 1))
                .rotary(gptOssRope(config))
                .window(Windows.of(config, Windows.size(config, 128), block -> block % 2 == 0))
                .blockTensor(Slot.ATTENTION_SINKS, WeightSource.whole("layers.{}.self_attn.sinks", (long)
                        builder.extents().heads()))
                .mixture(new Mixture(block -> true, experts.router(Scoring.SOFTMAX_OF_CHOSEN, false), weights));
    }

    /** Scaled by default. */
    private static RopeParameters gptOssRope(HfConfig config) {
        return Reading.namesRope(config)
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
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Experts experts = Experts.of(config, 16, 2);
        if (experts.chosen() != 2) {
            throw config.unsupported("num_experts_per_tok", experts.chosen(), "2");
        }
        return builder.keyValueHeadsByDefault(8)
                .norm(NormKind.LAYER_NORM, config.number("rms_norm_eps", 1e-5))
                .normBias(true)
                .rotary(Reading.theta(config, 1_000_000))
                .window(Windows.everywhere(config))
                .bias(config.bool("lm_head_bias", false), Slot.UNEMBEDDING)
                .mixture(new Mixture(
                        block -> true,
                        Router.sparseMixer(experts.chosen(), 2 * config.number("router_jitter_noise", 0.01)),
                        experts.renamed(builder.extents().inner())));
    }

    private static ArchitectureBuilder ernie(HfConfig config) {
        Reading.refuse(config, "use_bias", true);
        ArchitectureBuilder builder = LlamaFamilies.ernie(config);
        int blocks = builder.extents().blocks();
        Experts experts = Experts.of(config, 64, 6);
        // A sum of the best of E probabilities is at least their share of E, so a lower bound below it changes nothing.
        double least = config.number("moe_norm_min", 1e-12);
        if (least > (double) experts.chosen() / experts.count()) {
            throw config.unsupported("moe_norm_min", least, "at most num_experts_per_tok / num_local_experts");
        }
        int interval = config.integer("moe_layer_interval", 1);
        int first = config.integerOrZero("moe_layer_start_index", 1);
        double end = config.number("moe_layer_end_index", -1);
        double last = end == -1 ? blocks - 1 : end;
        MixtureWeights weights = experts.besideShared(1536, "moe_num_shared_experts", 2, "shared_experts")
                .scoreCorrection(WeightSource.whole(
                        "layers.{}.mlp.moe_statics.e_score_correction_bias", 1L, (long) experts.count()));
        // Unlike its dense relative, its configuration has no head size, so it is the hidden size divided by the heads.
        return builder.keyValueHeadsByDefault(4)
                .headSizeByDefault(0)
                .mixture(new Mixture(
                        block -> (block + 1) % interval == 0 && block >= first && block <= last,
                        experts.router(Scoring.SOFTMAX, true),
                        weights))
                .ignore("mtp.*");
    }
}
