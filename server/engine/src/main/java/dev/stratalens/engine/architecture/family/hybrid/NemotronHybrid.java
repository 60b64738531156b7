package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.NoMixer;
import dev.stratalens.engine.architecture.weight.MixerWeights;
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
    private static final List<String> KINDS =
            List.of("M", "*", "-", "E", "mamba", "linear_attention", "attention", "full_attention", "mlp", "moe");

    private static final String OF_BLOCKS = "layers_block_type";
    private static final String PATTERN = "hybrid_override_pattern";

    /** Names of older files. */
    private static final Map<String, String> OLD_NAMES = Map.of(
            "mamba_n_groups", "n_groups",
            "mamba_d_conv", "conv_kernel",
            "mamba_dt_min", "time_step_min",
            "mamba_conv_bias", "use_conv_bias",
            "layer_types", OF_BLOCKS);

    private NemotronHybrid() {}

    private static ArchitectureBuilder nemotron(HfConfig file) {
        HfConfig config = file.withUsualNames(OLD_NAMES);
        List<String> kinds = kinds(config);
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        IntPredicate states = block -> List.of("M", "mamba", "linear_attention").contains(kinds.get(block));
        IntPredicate alone = block -> List.of("-", "mlp", "E", "moe").contains(kinds.get(block));
        HfConfig whole = config.withDefaults(Map.of("num_hidden_layers", kinds.size(), "num_key_value_heads", 8));
        Extents extents = Extents.of(whole, 4096)
                .withBlocks(kinds.size())
                .withHeadSize(config.integer("head_dim", 128))
                .withInner(config.integer("intermediate_size", 21_504));
        Mamba2Sizes sizes =
                Mamba2Sizes.ofHeads(config, extents.hidden(), "mamba_num_heads", "mamba_head_dim", "ssm_state_size");
        Reading.onlyActivation(config, "mamba_hidden_act", "silu");
        return LlamaFamilies.named(config, extents)
                .with(StateSpaceFamilies::backbone)
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.norm")
                .renamed("layers.{}.self_attn.", MIXER)
                .renamed("layers.{}.mlp.", MIXER)
                .activation(Activation.of(config, "mlp_hidden_act", "relu2"))
                .rotary(block -> Optional.empty())
                .attentionBiasByDefault(false)
                .without(Slot.GATE)
                .bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD)
                .feedForward(alone)
                .mixer(alone, new NoMixer(), new MixerWeights(MIXER))
                .mixer(states, sizes.mixerOfLeastStep(config, epsilon), sizes.ownWeights(config, MIXER))
                .mixture(mixture(config, block -> List.of("E", "moe").contains(kinds.get(block))))
                .ignore("mtp\\..*");
    }

    private static List<String> kinds(HfConfig config) {
        List<String> kinds = config.optionalStrings(OF_BLOCKS)
                .or(() -> config.optionalString(PATTERN).map(text -> List.of(text.split(""))))
                .orElse(List.of("mamba", "moe", "attention", "mlp"));
        BlockKinds.check(config, config.has(OF_BLOCKS) ? OF_BLOCKS : PATTERN, kinds, KINDS);
        return kinds;
    }

    /** One shared expert, however many the file counts. */
    private static Mixture mixture(HfConfig config, IntPredicate blocks) {
        Experts experts = Experts.of(config, 8, 2);
        int shared = config.integer("moe_shared_expert_intermediate_size", 7688);
        int latent = config.integerOrZero("moe_latent_size", 0);
        MixtureWeights weights = experts.weights(config.integer(Experts.INNER, 7688))
                .router(MIXER + "gate")
                .narrowed(MIXER + "fc1_latent_proj", MIXER + "fc2_latent_proj", latent)
                .eachUngated(MIXER + "experts", "up_proj", "down_proj")
                .sharedUngated(MIXER + "shared_experts", config.integerOrZero("n_shared_experts", 1) > 0 ? shared : 0)
                .scoreCorrection(MIXER + "gate.e_score_correction_bias");
        return new Mixture(blocks, experts.grouped(true, 1), weights);
    }
}
