package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Relatives of Llama whose experts are chosen by sigmoids with a correction, beside a shared expert. */
final class SigmoidFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "afmoe", SigmoidFamilies::afmoe,
            "exaone_moe", SigmoidFamilies::exaone,
            "hy_v3", SigmoidFamilies::hunyuan3,
            "solar_open", SigmoidFamilies::solar);

    private SigmoidFamilies() {}

    /** Only blocks with a window rotate. */
    private static ArchitectureBuilder afmoe(HfConfig config) {
        ArchitectureBuilder builder =
                LlamaFamilies.normedHeads(LlamaFamilies.attentionBias(LlamaFamilies.base(config), false));
        IntPredicate windowed =
                Windows.windowed(config, Windows.butEvery(config.integer("global_attn_every_n_layers", 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        int experts = Experts.count(config, 64);
        int dense = config.integerOrZero("num_dense_layers", 1);
        boolean scaled = config.bool("mup_enabled", false);
        return builder.headSizeByDefault(128)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(block -> windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, Windows.size(config, 1024), windowed))
                .embeddingMultiplier(scaled ? Math.sqrt(builder.extents().hidden()) : 1)
                .product(Slot.ATTENTION_GATE, "layers.{}.self_attn.gate_proj")
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.pre_mlp_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_mlp_layernorm")
                .mixture(new Mixture(
                        block -> block >= dense,
                        Router.of(Scoring.SIGMOID, Experts.chosen(config, 6, experts), true)
                                .scaled(config.number("route_scale", 1)),
                        weights(config, experts, 1408, 2, "shared_experts")
                                .router("layers.{}.mlp.router.gate")
                                .scoreCorrection(WeightSource.whole("layers.{}.mlp.expert_bias", (long) experts))));
    }

    private static ArchitectureBuilder hunyuan3(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), false);
        Reading.refuse(config, "mlp_bias", true);
        int experts = Experts.count(config, 192);
        return LlamaFamilies.normedHeads(builder)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(Reading.theta(config, 11_158_840))
                .mixture(new Mixture(
                        Experts.sparse(config, block -> block > 0),
                        Router.of(Scoring.SIGMOID, Experts.chosen(config, 8, experts), true)
                                .scaled(config.number("router_scaling_factor", 2.826)),
                        weights(config, experts, 1536, 1, "shared_mlp")
                                .router("layers.{}.mlp.router.gate")
                                .scoreCorrection(WeightSource.whole("layers.{}.mlp.expert_bias", (long) experts))))
                .ignore("layers\\." + builder.extents().blocks() + "\\..*");
    }

    /** Blocks without a window do not rotate, unless no block has a window. */
    private static ArchitectureBuilder exaone(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.normedHeads(LlamaFamilies.base(config));
        int size = Windows.size(config, 4096);
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(Windows.pattern(config, 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        int experts = Experts.count(config, 64);
        WeightSource correction = WeightSource.whole("layers.{}.mlp.e_score_correction_bias", (long) experts)
                .or(WeightSource.whole("layers.{}.mlp.gate.e_score_correction_bias", (long) experts));
        return builder.keyValueHeadsByDefault(32)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(block -> size == 0 || windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, size, windowed))
                .mixture(new Mixture(
                        Experts.sparse(config, Experts.afterDense(config, 1)),
                        DeepseekFamilies.sigmoidRouter(config, Experts.chosen(config, 8, experts), true, 2.5)
                                .limitedTo(DeepseekFamilies.groups(config, experts, 1, 1, 2)),
                        weights(config, experts, 1024, 1, "shared_experts").scoreCorrection(correction)))
                .ignore("mtp\\..*");
    }

    /** No bias on the output of the attention. */
    private static ArchitectureBuilder solar(HfConfig config) {
        int experts = Experts.count(config, 128);
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-5))
                .rotary(Reading.theta(config, 1_000_000))
                .bias(config.bool("attention_bias", false), LlamaFamilies.QUERY_KEY_VALUE)
                .mixture(new Mixture(
                        block -> true,
                        DeepseekFamilies.sigmoidRouter(config, Experts.chosen(config, 8, experts), true, 1)
                                .limitedTo(DeepseekFamilies.groups(config, experts, 1, 1, 2)),
                        DeepseekFamilies.correctedWeights(config, experts, 1280, 1)));
    }

    private static MixtureWeights weights(
            HfConfig config, int experts, int innerByDefault, int sharedByDefault, String sharedName) {
        int inner = config.integer(Experts.INNER, innerByDefault);
        int shared = config.integerOrZero("num_shared_experts", sharedByDefault);
        MixtureWeights weights = Experts.usual(config, experts, inner);
        return shared == 0 ? weights : weights.shared("layers.{}.mlp." + sharedName, shared * inner);
    }
}
