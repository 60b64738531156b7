package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.ShortConvolution;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** LFM2 and LFM3: short convolutions in most blocks, and attention in the others. */
public final class ConvolutionFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "lfm2", ConvolutionFamilies::lfm2,
            "lfm2_moe", ConvolutionFamilies::mixture,
            "lfm3", ConvolutionFamilies::lfm3);

    private ConvolutionFamilies() {}

    private static ArchitectureBuilder lfm2(HfConfig config) {
        return base(
                config, adjusted(config, config.integer("block_ff_dim", config.integer("intermediate_size", 12_288))));
    }

    /** Two thirds of the width in the file, rounded up to a multiple, unless the file switches this off. */
    private static int adjusted(HfConfig config, int inner) {
        if (!config.bool("block_auto_adjust_ff_dim", true)) {
            return inner;
        }
        int multiple = config.integer("block_multiple_of", 256);
        int thirds = 2 * inner / 3;
        int scaled = (int) (config.number("block_ffn_dim_multiplier", 1) * thirds);
        return multiple * ((scaled + multiple - 1) / multiple);
    }

    private static ArchitectureBuilder mixture(HfConfig config) {
        Experts experts = Experts.of(config, 32, 4);
        String folder = "layers.{}.feed_forward";
        ArchitectureBuilder builder = base(config, config.integer("intermediate_size", 7168));
        MixtureWeights weights = experts.weights(config.integer(Experts.INNER, 1792))
                .router(folder + ".gate")
                .each(folder + ".experts", folder + ".experts", "w1", "w3", "w2");
        if (config.bool("use_expert_bias", true)) {
            weights.scoreCorrection(folder + ".expert_bias");
        }
        return builder.mixture(
                new Mixture(Experts.from(config, "num_dense_layers", 2), experts.sigmoid(true, 1), weights));
    }

    private static ArchitectureBuilder base(HfConfig config, int inner) {
        List<Double> attending = config.optionalNumbers("full_attn_idxs").orElse(List.of());
        boolean listed = config.has("full_attn_idxs");
        IntPredicate convolving = BlockKinds.of(
                config,
                "layer_types",
                List.of("conv"),
                List.of("full_attention"),
                block -> listed && !attending.contains((double) block));
        return named(config, inner, convolving, 3)
                .keyValueHeadsByDefault(8)
                .rotary(Reading.theta(config, config.number("theta", 1_000_000)))
                .tiedByDefault(config.bool("tie_embedding", true))
                .queryKeyNorm(
                        QueryKeyNorm.EACH_HEAD, "layers.{}.self_attn.q_layernorm", "layers.{}.self_attn.k_layernorm")
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.out_proj");
    }

    /** Blocks with a window in between, gates for heads, and norms behind the branches. */
    private static ArchitectureBuilder lfm3(HfConfig config) {
        IntPredicate windowed = BlockKinds.of(
                config,
                "layer_types",
                List.of("sliding_attention"),
                List.of("full_attention", "conv"),
                block -> block % 4 == 0 && block > 0);
        IntPredicate convolving = BlockKinds.of(
                config,
                "layer_types",
                List.of("conv"),
                List.of("full_attention", "sliding_attention"),
                block -> block % 2 == 1 || block == 0);
        ArchitectureBuilder builder = named(config, config.integer("intermediate_size", 7680), convolving, 7)
                .attentionBiasByDefault(false)
                .keyValueHeadsByDefault(4)
                .headSizeByDefault(128)
                .rotary(Reading.proportionalRopes(config, windowed, 0.5))
                .window(block -> windowed.test(block) ? Windows.size(config, 256) : 0)
                .tiedByDefault(config.bool("tie_embedding", true));
        builder.with(LlamaFamilies::normedHeads);
        if (config.bool("use_sandwich_norm", true)) {
            builder.norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_operator_norm")
                    .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_ffn_norm");
        }
        long heads = builder.extents().heads();
        return config.bool("use_attention_gate", true)
                ? builder.differing(
                        convolving.negate(),
                        new MixerWeights("layers.{}.self_attn.")
                                .either(
                                        Slot.weight(Slot.ATTENTION_GATE),
                                        "gate_proj.weight",
                                        "g_proj.weight",
                                        heads,
                                        builder.extents().hidden()))
                : builder;
    }

    private static ArchitectureBuilder named(HfConfig config, int inner, IntPredicate convolving, int taps) {
        Extents extents = Extents.of(config, 128_000).withInner(inner);
        int hidden = extents.hidden();
        boolean biased = config.bool("conv_bias", false);
        return LlamaFamilies.named(config, extents)
                .norm(NormKind.RMS_NORM, config.number("norm_eps", 1e-5))
                .norm(Slot.ATTENTION_NORM, "layers.{}.operator_norm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.ffn_norm")
                .product(Slot.GATE, "layers.{}.feed_forward.w1")
                .product(Slot.UP, "layers.{}.feed_forward.w3")
                .product(Slot.DOWN, "layers.{}.feed_forward.w2")
                .norm(Slot.FINAL_NORM, "embedding_norm")
                .mixer(
                        convolving,
                        new ShortConvolution(),
                        new MixerWeights("layers.{}.conv.")
                                .product(Slot.MIXER_INPUT, "in_proj", 3L * hidden, hidden, biased)
                                .convolution("conv", hidden, config.integer("conv_L_cache", taps), biased)
                                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, hidden, biased));
    }
}
