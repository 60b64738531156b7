package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.KindList;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Nemotron-H: every block is one norm and one part, which is a state space, attention, a feed-forward or a mixture. */
public final class NemotronHybrid {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("nemotron_h", NemotronHybrid::nemotron);

    private static final String MIXER = "layers.{}.mixer.";
    private static final Map<String, String> KINDS = Map.of(
            "M", "mamba",
            "*", "attention",
            "-", "mlp",
            "E", "moe",
            "linear_attention", "mamba",
            "full_attention", "attention");

    /** Names of older files. */
    private static final Map<String, String> OLD_NAMES = Map.of(
            "mamba_n_groups", "n_groups",
            "mamba_d_conv", "conv_kernel",
            "mamba_dt_min", "time_step_min",
            "mamba_conv_bias", "use_conv_bias",
            "layer_types", "layers_block_type");

    private NemotronHybrid() {}

    private static ArchitectureBuilder nemotron(HfConfig file) {
        HfConfig config = file.withUsualNames(OLD_NAMES);
        KindList kinds = KindList.of(
                config,
                "layers_block_type",
                "hybrid_override_pattern",
                KINDS,
                List.of("mamba", "moe", "attention", "mlp"));
        Map<String, Integer> defaults = Map.of(
                "num_hidden_layers",
                kinds.count(),
                "num_key_value_heads",
                8,
                "head_dim",
                128,
                "intermediate_size",
                21_504);
        Extents extents = Extents.of(config.withDefaults(defaults), 4096).withBlocks(kinds.count());
        Mamba2Sizes sizes =
                Mamba2Sizes.ofHeads(config, extents.hidden(), "mamba_num_heads", "mamba_head_dim", "ssm_state_size");
        Mixer states = sizes.mixerOfLeastStep(config, config.number("layer_norm_epsilon", 1e-5));
        Reading.onlyActivation(config, "mamba_hidden_act", "silu");
        return StateSpaceFamilies.backbone(LlamaFamilies.named(config, extents))
                .oneBranch(kinds.are("mlp", "moe"), MIXER, "layers.{}.norm")
                .activation(Activation.of(config, "mlp_hidden_act", "relu2"))
                .rotary(block -> Optional.empty())
                .attentionBiasByDefault(false)
                .without(Slot.GATE)
                .bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD)
                .mixer(kinds.are("mamba"), states, sizes.ownWeights(config, MIXER))
                .mixture(mixture(config, kinds.are("moe")))
                .ignore("mtp\\..*");
    }

    /** One shared expert, however many the file counts. */
    private static Mixture mixture(HfConfig config, IntPredicate blocks) {
        Experts experts = Experts.of(config, 8, 2);
        int shared = config.integer("moe_shared_expert_intermediate_size", 7688);
        MixtureWeights weights = experts.weights(config.integer(Experts.INNER, 7688))
                .router(MIXER + "gate")
                .narrowed(
                        MIXER + "fc1_latent_proj",
                        MIXER + "fc2_latent_proj",
                        config.integerOrZero("moe_latent_size", 0))
                .eachUngated(MIXER + "experts", "up_proj", "down_proj")
                .sharedUngated(MIXER + "shared_experts", config.integerOrZero("n_shared_experts", 1) > 0 ? shared : 0)
                .scoreCorrection(MIXER + "gate.e_score_correction_bias");
        return new Mixture(blocks, experts.grouped(true, 1), weights);
    }
}
