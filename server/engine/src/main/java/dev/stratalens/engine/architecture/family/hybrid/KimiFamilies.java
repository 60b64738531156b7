package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.mixture.DeepseekFamilies;
import dev.stratalens.engine.architecture.mixer.ChannelDelta;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Kimi Linear: the delta rule with a decay for each channel in most blocks, latent attention without positions in others. */
public final class KimiFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("kimi_linear", KimiFamilies::linear);

    private static final String LINEAR = "linear_attn_config";

    private KimiFamilies() {}

    private static ArchitectureBuilder linear(HfConfig config) {
        Reading.onlyActivation(config, "hidden_act", "silu");
        HfConfig whole =
                config.withDefaults(Map.of("max_position_embeddings", config.integer("model_max_length", 1 << 20)));
        double epsilon = config.number("rms_norm_eps", 1e-5);
        ArchitectureBuilder builder = DeepseekFamilies.latentAttention(LlamaFamilies.base(whole), 0);
        var delta = new ChannelDelta(linearSize(config, "head_dim", "linear_head_dim", 128), epsilon);
        int hidden = builder.extents().hidden();
        int heads = linearSize(config, "num_heads", "linear_num_heads", 32);
        int taps = linearSize(config, "short_conv_kernel_size", "linear_conv_kernel_dim", 4);
        return builder.epsilonByDefault(1e-5)
                .rotary(block -> Optional.empty())
                .mixer(linearBlocks(config), delta, delta.weights("layers.{}.self_attn.", hidden, heads, taps))
                .mixture(mixture(config));
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
        return BlockKinds.linear(
                config,
                block -> full.map(blocks -> !blocks.contains(block + 1.0)).orElse(block == 0 || block % 4 != 0));
    }

    private static Mixture mixture(HfConfig config) {
        HfConfig groups = config.withDefaults(Map.of("n_group", config.integer("num_expert_group", 1)));
        Experts experts = Experts.of(groups, 256, 8);
        int inner = config.integer(Experts.INNER, 1024);
        int shared = config.integer("n_shared_experts", config.integer("num_shared_experts", 1));
        return new Mixture(
                Experts.sparse(config, Experts.afterDense(config, 1)),
                experts.grouped(config.bool("moe_renormalize", true), 2.446),
                experts.renamed(inner)
                        .shared("layers.{}.block_sparse_moe.shared_experts", shared * inner)
                        .scoreCorrection("layers.{}.block_sparse_moe.gate.e_score_correction_bias"));
    }
}
