package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Relatives of Llama whose experts are chosen by sigmoids with a correction, beside a shared expert. */
public final class SigmoidFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "afmoe", SigmoidFamilies::afmoe,
            "exaone_moe", SigmoidFamilies::exaone,
            "hy_v3", SigmoidFamilies::hunyuan3,
            "solar_open", SigmoidFamilies::solar);

    private SigmoidFamilies() {}

    /** Only blocks with a window rotate. */
    private static ArchitectureBuilder afmoe(HfConfig config) {
        ArchitectureBuilder builder =
                LlamaFamilies.base(config).attentionBiasByDefault(false).with(LlamaFamilies::normedHeads);
        IntPredicate windowed =
                Windows.windowed(config, Windows.butEvery(config.integer("global_attn_every_n_layers", 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        Experts experts = Experts.of(config, 64, 6);
        boolean scaled = config.bool("mup_enabled", false);
        return builder.headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(block -> windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, Windows.size(config, 1024), windowed))
                .embeddingMultiplier(scaled ? Math.sqrt(builder.extents().hidden()) : 1)
                .product(Slot.ATTENTION_GATE, "layers.{}.self_attn.gate_proj")
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.pre_mlp_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_mlp_layernorm")
                .mixture(new Mixture(
                        Experts.from(config, "num_dense_layers", 1),
                        experts.router(Scoring.SIGMOID, true).scaled(config.number("route_scale", 1)),
                        besideShared(experts, 1408, 2, "shared_experts")));
    }

    private static ArchitectureBuilder hunyuan3(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Reading.refuse(config, "mlp_bias", true);
        Experts experts = Experts.of(config, 192, 8);
        return builder.with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(Reading.theta(config, 11_158_840))
                .mixture(new Mixture(
                        Experts.sparse(config, block -> block > 0),
                        experts.router(Scoring.SIGMOID, true).scaled(config.number("router_scaling_factor", 2.826)),
                        besideShared(experts, 1536, 1, "shared_mlp")))
                .ignore("layers\\." + builder.extents().blocks() + "\\..*");
    }

    /** Blocks without a window do not rotate, unless no block has a window. */
    private static ArchitectureBuilder exaone(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).with(LlamaFamilies::normedHeads);
        int size = Windows.size(config, 4096);
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(Windows.pattern(config, 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        Experts experts = Experts.of(config, 64, 8);
        return builder.keyValueHeadsByDefault(32)
                .epsilonByDefault(1e-5)
                .rotary(block -> size == 0 || windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, size, windowed))
                .mixture(new Mixture(
                        Experts.sparse(config, Experts.afterDense(config, 1)),
                        experts.grouped(true, 2.5),
                        experts.besideShared(1024, "num_shared_experts", 1, "shared_experts")
                                .scoreCorrection(
                                        "layers.{}.mlp.e_score_correction_bias",
                                        "layers.{}.mlp.gate.e_score_correction_bias")))
                .ignore("mtp\\..*");
    }

    /** No bias on the output of the attention. */
    private static ArchitectureBuilder solar(HfConfig config) {
        Experts experts = Experts.of(config, 128, 8);
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(Reading.theta(config, 1_000_000))
                .bias(config.bool("attention_bias", false), Slot.QUERY_KEY_VALUE)
                .mixture(new Mixture(
                        block -> true, experts.grouped(true, 1), DeepseekFamilies.corrected(experts, 1280, 1)));
    }

    private static MixtureWeights besideShared(
            Experts experts, int innerByDefault, int sharedByDefault, String sharedName) {
        return experts.besideShared(innerByDefault, "num_shared_experts", sharedByDefault, sharedName)
                .router("layers.{}.mlp.router.gate")
                .scoreCorrection("layers.{}.mlp.expert_bias");
    }
}
