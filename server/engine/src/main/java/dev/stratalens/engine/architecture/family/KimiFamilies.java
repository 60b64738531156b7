package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.mixer.ChannelDelta;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Kimi Linear: the delta rule with a decay for each channel in most blocks, latent attention without positions in others. */
final class KimiFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("kimi_linear", KimiFamilies::linear);

    private static final String LINEAR = "linear_attn_config";
    private static final String EXPERTS = "layers.{}.block_sparse_moe.";

    private KimiFamilies() {}

    private static ArchitectureBuilder linear(HfConfig config) {
        Reading.onlyActivation(config, "hidden_act", "silu");
        HfConfig whole =
                config.withDefaults(Map.of("max_position_embeddings", config.integer("model_max_length", 1 << 20)));
        double epsilon = config.number("rms_norm_eps", 1e-5);
        ArchitectureBuilder builder = DeepseekFamilies.latentAttention(LlamaFamilies.base(whole), 0);
        int size = linearSize(config, "head_dim", "linear_head_dim", 128);
        return builder.norm(NormKind.RMS_NORM, epsilon)
                .rotary(block -> Optional.empty())
                .mixer(linearBlocks(config), new ChannelDelta(size, epsilon), delta(config, builder, size))
                .mixture(new Mixture(
                        Experts.sparse(config, Experts.afterDense(config, 1)), router(config), experts(config)));
    }

    private static int linearSize(HfConfig config, String key, String topKey, int classDefault) {
        return config.object(LINEAR)
                .map(linear -> linear.integer(key, classDefault))
                .orElseGet(() -> config.integer(topKey, classDefault));
    }

    /** The file counts blocks from 1. */
    private static IntPredicate linearBlocks(HfConfig config) {
        Optional<List<Double>> full =
                config.object(LINEAR).flatMap(linear -> linear.optionalNumbers("full_attn_layers"));
        return BlockKinds.of(
                config,
                "layer_types",
                List.of("linear_attention"),
                List.of("full_attention"),
                block -> full.map(blocks -> !blocks.contains(block + 1.0)).orElse(block == 0 || block % 4 != 0));
    }

    private static MixerWeights delta(HfConfig config, ArchitectureBuilder builder, int size) {
        int hidden = builder.extents().hidden();
        int heads = linearSize(config, "num_heads", "linear_num_heads", 32);
        int taps = linearSize(config, "short_conv_kernel_size", "linear_conv_kernel_dim", 4);
        long width = (long) heads * size;
        return new MixerWeights("layers.{}.self_attn.")
                .product(Slot.MIXER_QUERY, "q_proj", width, hidden)
                .product(Slot.MIXER_KEY, "k_proj", width, hidden)
                .product(Slot.MIXER_VALUE, "v_proj", width, hidden)
                .tensor(Slot.weight(Slot.QUERY_CONVOLUTION), "q_conv1d.weight", width, 1, taps)
                .tensor(Slot.weight(Slot.KEY_CONVOLUTION), "k_conv1d.weight", width, 1, taps)
                .tensor(Slot.weight(Slot.VALUE_CONVOLUTION), "v_conv1d.weight", width, 1, taps)
                .product(Slot.MIXER_DECAY_LATENT, "f_a_proj", size, hidden)
                .product(Slot.MIXER_DECAY, "f_b_proj", width, size)
                .product(Slot.MIXER_RATE, "b_proj", heads, hidden)
                .product(Slot.MIXER_GATE_LATENT, "g_a_proj", size, hidden)
                .product(Slot.MIXER_GATE, "g_b_proj", width, size)
                .product(Slot.MIXER_OUTPUT, "o_proj", hidden, width)
                .tensor(Slot.weight(Slot.MIXER_NORM), "o_norm.weight", size)
                .tensor(Slot.DECAY_LOG, "A_log", 1, 1, heads, 1)
                .tensor(Slot.DECAY_BIAS, "dt_bias", width);
    }

    private static Router router(HfConfig config) {
        int experts = Experts.count(config, 256);
        HfConfig groups = config.withDefaults(Map.of("n_group", config.integer("num_expert_group", 1)));
        return DeepseekFamilies.sigmoidRouter(
                        config, Experts.chosen(config, 8, experts), config.bool("moe_renormalize", true), 2.446)
                .limitedTo(DeepseekFamilies.groups(groups, experts, 1, 1, 2));
    }

    private static MixtureWeights experts(HfConfig config) {
        int experts = Experts.count(config, 256);
        int inner = config.integer(Experts.INNER, 1024);
        int shared = config.integer("n_shared_experts", config.integer("num_shared_experts", 1));
        return new MixtureWeights(config.integer("hidden_size"), experts, inner)
                .router(EXPERTS + "gate")
                .each(EXPERTS + "experts", EXPERTS + "experts", "w1", "w3", "w2")
                .shared(EXPERTS + "shared_experts", shared * inner)
                .scoreCorrection(WeightSource.whole(EXPERTS + "gate.e_score_correction_bias", (long) experts));
    }
}
