package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.mixer.Mamba2;
import dev.stratalens.engine.architecture.mixer.Mamba2.GatedNorm;
import dev.stratalens.engine.architecture.mixer.NoMixer;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Nemotron-H: every block is one norm and one part, which is a state space, attention, a feed-forward or a mixture. */
final class NemotronHybrid {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("nemotron_h", NemotronHybrid::nemotron);

    private static final String PATTERN = "hybrid_override_pattern";
    private static final String MIXER = "layers.{}.mixer.";

    private static final String KINDS = "layers_block_type";

    /** Names of older files. */
    private static final Map<String, String> OLD_NAMES = Map.of(
            "mamba_n_groups", "n_groups",
            "mamba_d_conv", "conv_kernel",
            "mamba_dt_min", "time_step_min",
            "mamba_conv_bias", "use_conv_bias",
            "layer_types", KINDS);

    private static final Map<String, String> LETTERS = Map.of(
            "mamba", "M",
            "linear_attention", "M",
            "attention", "*",
            "full_attention", "*",
            "mlp", "-",
            "moe", "E");

    private NemotronHybrid() {}

    private static ArchitectureBuilder nemotron(HfConfig file) {
        HfConfig config = file.withUsualNames(OLD_NAMES);
        List<String> kinds = kinds(config);
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        Extents extents = extents(config, kinds.size());
        var sizes = new Mamba2Sizes(
                        extents.hidden(),
                        config.integer("mamba_num_heads", 128),
                        (long) config.integer("mamba_num_heads", 128) * config.integer("mamba_head_dim", 64),
                        config.integer("ssm_state_size", 128),
                        config.integer("n_groups", 8))
                .checked(config);
        // The limits of time steps in the file do not count here.
        var mixer = new Mamba2(
                sizes.stateSize(),
                sizes.groups(),
                config.number("time_step_min", 0.001),
                Double.POSITIVE_INFINITY,
                new GatedNorm(epsilon, sizes.groups(), true));
        Reading.onlyActivation(config, "mamba_hidden_act", "silu");
        boolean biased = config.bool("attention_bias", false);
        IntPredicate alone = block -> "-E".contains(kinds.get(block));
        return LlamaFamilies.named(config, extents)
                .prefixes("backbone.", "model.")
                .norm(NormKind.RMS_NORM, epsilon)
                .activation(Activation.of(config, "mlp_hidden_act", "relu2"))
                .rotary(block -> Optional.empty())
                .product(Slot.TOKEN_EMBEDDING, "embeddings")
                .norm(Slot.ATTENTION_NORM, "layers.{}.norm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.norm")
                .norm(Slot.FINAL_NORM, "norm_f")
                .product(Slot.QUERY, MIXER + "q_proj")
                .product(Slot.KEY, MIXER + "k_proj")
                .product(Slot.VALUE, MIXER + "v_proj")
                .product(Slot.ATTENTION_OUTPUT, MIXER + "o_proj")
                .bias(biased, LlamaFamilies.QUERY_KEY_VALUE)
                .bias(biased, Slot.ATTENTION_OUTPUT)
                .without(Slot.GATE)
                .product(Slot.UP, MIXER + "up_proj")
                .product(Slot.DOWN, MIXER + "down_proj")
                .bias(config.bool("mlp_bias", false), Slot.UP, Slot.DOWN)
                .feedForward(alone)
                .mixer(alone, new NoMixer(), new MixerWeights(MIXER))
                .mixer(
                        block -> kinds.get(block).equals("M"),
                        mixer,
                        sizes.weights(
                                MIXER,
                                config.integer("conv_kernel", 4),
                                config.bool("use_conv_bias", true),
                                config.bool("use_bias", false)))
                .mixture(mixture(
                        config, extents.hidden(), block -> kinds.get(block).equals("E")))
                .ignore("mtp\\..*");
    }

    private static Extents extents(HfConfig config, int blocks) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        return new Extents(
                        blocks,
                        hidden,
                        heads,
                        config.integer("num_key_value_heads", heads),
                        config.integer("head_dim", 128),
                        config.integer("intermediate_size", 21_504),
                        config.integer("vocab_size"),
                        hidden,
                        config.integer("max_position_embeddings", 4096))
                .keyValueHeadsByDefault(config, 8);
    }

    /** One letter for each block. */
    private static List<String> kinds(HfConfig config) {
        String key = config.has(KINDS) ? KINDS : PATTERN;
        List<String> names = config.optionalStrings(KINDS)
                .or(() -> config.optionalString(PATTERN)
                        .map(letters ->
                                letters.chars().mapToObj(Character::toString).toList()))
                .orElseGet(() -> List.of("mamba", "moe", "attention", "mlp"));
        return names.stream()
                .map(name -> LETTERS.getOrDefault(name, name))
                .peek(letter -> {
                    if (!LETTERS.containsValue(letter)) {
                        throw config.unsupported(key, letter, "M, *, - and E");
                    }
                })
                .toList();
    }

    private static Mixture mixture(HfConfig config, int hidden, IntPredicate blocks) {
        int experts = Experts.count(config, 8);
        var weights = new MixtureWeights(hidden, experts, config.integer(Experts.INNER, 7688)).router(MIXER + "gate");
        config.optionalInteger("moe_latent_size")
                .ifPresent(size -> weights.narrowed(MIXER + "fc1_latent_proj", MIXER + "fc2_latent_proj", size));
        weights.eachUngated(MIXER + "experts", "up_proj", "down_proj")
                .scoreCorrection(WeightSource.whole(MIXER + "gate.e_score_correction_bias", (long) experts));
        int shared = config.integerOrZero("n_shared_experts", 1);
        if (shared > 0) {
            // One, however many the file counts.
            weights.sharedUngated(
                    MIXER + "shared_experts", config.integer("moe_shared_expert_intermediate_size", 7688));
        }
        return new Mixture(
                blocks,
                DeepseekFamilies.sigmoidRouter(config, Experts.chosen(config, 2, experts), true, 1)
                        .limitedTo(DeepseekFamilies.groups(config, experts, 1, 1, 2)),
                weights);
    }
}
