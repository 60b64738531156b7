package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.GraniteFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.mixture.MixtureFamilies;
import dev.stratalens.engine.architecture.mixer.Mamba1;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** State spaces, alone or with attention in some blocks. */
public final class StateSpaceFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "bamba", StateSpaceFamilies::bamba,
            "falcon_mamba", StateSpaceFamilies::falconMamba,
            "granitemoehybrid", StateSpaceFamilies::granite,
            "jamba", StateSpaceFamilies::jamba,
            "mamba", StateSpaceFamilies::mamba,
            "mamba2", StateSpaceFamilies::mamba2);

    /** Files of models without attention name no longest prompt. */
    private static final int UNLIMITED = 1 << 20;

    private StateSpaceFamilies() {}

    private static ArchitectureBuilder mamba(HfConfig config) {
        return mamba1(config, 0);
    }

    private static ArchitectureBuilder falconMamba(HfConfig config) {
        return mamba1(config, config.number("mixer_rms_eps", 1e-6));
    }

    private static ArchitectureBuilder mamba1(HfConfig config, double parameterEpsilon) {
        ArchitectureBuilder builder = alone(config).tiedByDefault(true);
        int hidden = builder.extents().hidden();
        boolean biased = config.bool("use_bias", false);
        long inner = (long) config.integer("expand", 2) * hidden;
        MixerWeights weights = mamba1(
                        "layers.{}.mixer.",
                        inner,
                        config.integer("state_size", 16),
                        rank(config, "time_step_rank", hidden))
                .product(Slot.MIXER_INPUT, "in_proj", 2 * inner, hidden, biased)
                .convolution("conv1d", inner, config.integer("conv_kernel", 4), config.bool("use_conv_bias", true))
                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, inner, biased);
        return builder.mixer(block -> true, new Mamba1(parameterEpsilon), weights);
    }

    private static int rank(HfConfig config, String key, int hidden) {
        return config.isText(key) ? (hidden + 15) / 16 : config.integer(key, (hidden + 15) / 16);
    }

    private static MixerWeights mamba1(String folder, long inner, int stateSize, int rank) {
        return new MixerWeights(folder)
                .product(Slot.MIXER_PARAMETERS, "x_proj", rank + 2L * stateSize, inner)
                .product(Slot.MIXER_STEP, "dt_proj", inner, rank, true)
                .tensor(Slot.DECAY_LOG, "A_log", inner, stateSize)
                .tensor(Slot.STATE_SKIP, "D", inner);
    }

    /** Blocks of one norm and one mixer, without feed-forward. */
    private static ArchitectureBuilder alone(HfConfig config) {
        Reading.onlyActivation(config, "hidden_act", "silu");
        int hidden = config.integer("hidden_size");
        int vocabulary = config.integer("vocab_size");
        int context = config.integer("max_position_embeddings", UNLIMITED);
        var extents = new Extents(
                config.integer("num_hidden_layers"), hidden, 1, 1, hidden, hidden, vocabulary, hidden, context);
        return LlamaFamilies.named(config, extents)
                .with(StateSpaceFamilies::backbone)
                .feedForward(block -> false);
    }

    /** Names of Mamba. */
    static ArchitectureBuilder backbone(ArchitectureBuilder builder) {
        return builder.prefixes("backbone.", "model.")
                .norm(NormKind.RMS_NORM, builder.config().number("layer_norm_epsilon", 1e-5))
                .product(Slot.TOKEN_EMBEDDING, "embeddings")
                .norm(Slot.ATTENTION_NORM, "layers.{}.norm")
                .norm(Slot.FINAL_NORM, "norm_f");
    }

    private static ArchitectureBuilder jamba(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        int hidden = builder.extents().hidden();
        long inner = (long) config.integer("mamba_expand", 2) * hidden;
        int stateSize = config.integer("mamba_d_state", 16);
        int rank = rank(config, "mamba_dt_rank", hidden);
        boolean biased = config.bool("mamba_proj_bias", false);
        MixerWeights weights = mamba1("layers.{}.mamba.", inner, stateSize, rank)
                .product(Slot.MIXER_INPUT, "in_proj", 2 * inner, hidden, biased)
                .convolution("conv1d", inner, config.integer("mamba_d_conv", 4), config.bool("mamba_conv_bias", true))
                .product(Slot.MIXER_OUTPUT, "out_proj", hidden, inner, biased)
                .tensor("step_norm.weight", "dt_layernorm.weight", rank)
                .tensor("state_input_norm.weight", "b_layernorm.weight", stateSize)
                .tensor("state_output_norm.weight", "c_layernorm.weight", stateSize);
        double epsilon = config.number("rms_norm_eps", 1e-6);
        String folder = "layers.{}.feed_forward.experts";
        Experts experts = Experts.of(config, 16, 2);
        Reading.onlyActivation(config, "hidden_act", "silu");
        return feedForwardBehind(builder)
                .keyValueHeadsByDefault(8)
                .rotary(block -> Optional.empty())
                .mixer(every(config, "attn_layer", 8, 4).negate(), new Mamba1(epsilon), weights)
                .mixture(new Mixture(
                        every(config, "expert_layer", 2, 1).and(block -> experts.count() > 1),
                        experts.router(Scoring.SOFTMAX, false),
                        experts.weights(builder.extents().inner())
                                .router("layers.{}.feed_forward.router")
                                .each(folder, folder, "gate_proj", "up_proj", "down_proj")));
    }

    private static IntPredicate every(HfConfig config, String key, int periodByDefault, int offsetByDefault) {
        int period = config.integer(key + "_period", periodByDefault);
        int offset = config.integerOrZero(key + "_offset", offsetByDefault);
        return block -> block % period == offset;
    }

    /** Names of the parts behind the mixer in Jamba, Bamba and Falcon-H1. */
    static ArchitectureBuilder feedForwardBehind(ArchitectureBuilder builder) {
        return builder.norm(Slot.FEED_FORWARD_NORM, "layers.{}.pre_ff_layernorm")
                .renamed("layers.{}.mlp.", "layers.{}.feed_forward.")
                .norm(Slot.FINAL_NORM, "final_layernorm");
    }

    private static ArchitectureBuilder mamba2(HfConfig config) {
        ArchitectureBuilder builder = alone(config).tiedByDefault(false);
        Mamba2Sizes sizes =
                Mamba2Sizes.ofHeads(config, builder.extents().hidden(), "num_heads", "head_dim", "state_size");
        return builder.mixer(
                block -> true,
                sizes.mixer(config, config.number("layer_norm_epsilon", 1e-5)),
                sizes.ownWeights(config, "layers.{}.mixer."));
    }

    private static ArchitectureBuilder bamba(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        List<Double> attending = config.optionalNumbers("attn_layer_indices").orElse(List.of());
        Mamba2Sizes sizes = Mamba2Sizes.of(config, builder.extents().hidden());
        double epsilon = config.number("rms_norm_eps", 1e-5);
        Reading.onlyActivation(config, "hidden_act", "silu");
        return feedForwardBehind(builder)
                .attentionBiasByDefault(false)
                .bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD)
                .keyValueHeadsByDefault(8)
                .norm(NormKind.RMS_NORM, epsilon)
                .rotary(Reading.theta(config, 10_000).withPartialRotaryFactor(0.5)) // whatever the file says
                .mixer(
                        block -> !attending.contains((double) block),
                        sizes.mixer(config, epsilon),
                        sizes.weights(config));
    }

    private static ArchitectureBuilder granite(HfConfig file) {
        HfConfig config = file.withUsualNames(Map.of("layers_block_type", "layer_types"));
        boolean mixed = config.integerOrZero("num_local_experts", 8) > 0;
        ArchitectureBuilder builder = mixed ? MixtureFamilies.granite(config, 1024) : denseGranite(config);
        Mamba2Sizes sizes = Mamba2Sizes.of(config, builder.extents().hidden());
        IntPredicate recurrent = BlockKinds.of(
                config,
                "layer_types",
                List.of("mamba", "linear_attention"),
                List.of("attention", "full_attention"),
                block -> true);
        if (!config.string("position_embedding_type", "nope").equals("rope")) {
            builder.rotary(block -> Optional.empty());
        }
        Reading.onlyActivation(config, "hidden_act", "silu");
        return builder.mixer(
                recurrent, sizes.mixer(config, config.number("rms_norm_eps", 1e-6)), sizes.weights(config));
    }

    /** The shared expert alone. */
    private static ArchitectureBuilder denseGranite(HfConfig config) {
        ArchitectureBuilder builder = GraniteFamilies.granite(config);
        return builder.extents(builder.extents().withInner(config.integer("shared_intermediate_size", 1024)))
                .fused("layers.{}.shared_mlp.input_linear", 1, Slot.GATE, Slot.UP)
                .product(Slot.DOWN, "layers.{}.shared_mlp.output_linear");
    }
}
