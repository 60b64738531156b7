package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.dense.OlmoFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.GatedDelta;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixerWeights.Part;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** The gated delta rule in most blocks, and attention in the others: Qwen and OLMo. */
public final class DeltaFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "olmo_hybrid", DeltaFamilies::olmo,
            "qwen3_5", DeltaFamilies::qwen35,
            "qwen3_5_moe", DeltaFamilies::qwen35Mixture,
            "qwen3_5_moe_text", DeltaFamilies::qwen35Mixture,
            "qwen3_5_text", DeltaFamilies::qwen35,
            "qwen3_next", DeltaFamilies::qwenNext);

    private static final String FOLDER = "layers.{}.linear_attn.";

    private DeltaFamilies() {}

    /** Sizes of a block with the delta rule. */
    private record Heads(int hidden, int keyHeads, int keySize, int valueHeads, int valueSize, int taps) {

        static Heads of(HfConfig config, int hidden) {
            int keyHeads = config.integer("linear_num_key_heads", 16);
            int valueHeads = config.integer("linear_num_value_heads", 32);
            if (valueHeads % keyHeads != 0) {
                throw config.invalid("linear_num_value_heads", valueHeads, "a multiple of " + keyHeads);
            }
            return new Heads(
                    hidden,
                    keyHeads,
                    config.integer("linear_key_head_dim", 128),
                    valueHeads,
                    config.integer("linear_value_head_dim", 128),
                    config.integer("linear_conv_kernel_dim", 4));
        }

        long keys() {
            return (long) keyHeads * keySize;
        }

        long values() {
            return (long) valueHeads * valueSize;
        }

        MixerWeights decays(MixerWeights weights) {
            return weights.tensor(Slot.DECAY_LOG, "A_log", valueHeads).tensor(Slot.DECAY_BIAS, "dt_bias", valueHeads);
        }

        List<Part> parts(String query, String key, String value) {
            return List.of(
                    new Part(Slot.weight(query), keys()),
                    new Part(Slot.weight(key), keys()),
                    new Part(Slot.weight(value), values()));
        }
    }

    private static ArchitectureBuilder qwen35(HfConfig config) {
        ArchitectureBuilder builder = gatedAttention(config, 4);
        Heads heads = Heads.of(config, builder.extents().hidden());
        MixerWeights weights = common(heads)
                .parts(
                        "in_proj_qkv.weight",
                        1,
                        heads.parts(Slot.MIXER_QUERY, Slot.MIXER_KEY, Slot.MIXER_VALUE),
                        heads.hidden())
                .product(Slot.MIXER_GATE, "in_proj_z", heads.values(), heads.hidden())
                .product(Slot.MIXER_RATE, "in_proj_b", heads.valueHeads(), heads.hidden())
                .product(Slot.MIXER_DECAY, "in_proj_a", heads.valueHeads(), heads.hidden());
        return delta(builder, heads, weights)
                .prefixes("model.language_model.", "language_model.model.", "language_model.", "model.")
                .ignore("visual\\..*");
    }

    private static ArchitectureBuilder qwen35Mixture(HfConfig config) {
        Experts experts = Experts.of(config, 256, 8);
        return qwen35(config)
                .keyValueHeadsByDefault(2)
                .mixture(new Mixture(block -> true, experts.router(Scoring.SOFTMAX, true), gatedlyShared(experts)));
    }

    private static ArchitectureBuilder qwenNext(HfConfig config) {
        ArchitectureBuilder builder = gatedAttention(config, 2);
        Heads heads = Heads.of(config, builder.extents().hidden());
        MixerWeights weights = common(heads)
                .parts(
                        "in_proj_qkvz.weight",
                        heads.keyHeads(),
                        List.of(
                                new Part(Slot.weight(Slot.MIXER_QUERY), heads.keys()),
                                new Part(Slot.weight(Slot.MIXER_KEY), heads.keys()),
                                new Part(Slot.weight(Slot.MIXER_VALUE), heads.values()),
                                new Part(Slot.weight(Slot.MIXER_GATE), heads.values())),
                        heads.hidden())
                .parts(
                        "in_proj_ba.weight",
                        heads.keyHeads(),
                        List.of(
                                new Part(Slot.weight(Slot.MIXER_RATE), heads.valueHeads()),
                                new Part(Slot.weight(Slot.MIXER_DECAY), heads.valueHeads())),
                        heads.hidden());
        Experts experts = Experts.of(config, 512, 10);
        return delta(builder, heads, weights)
                .mixture(new Mixture(Experts.everySparseStep(config), experts.softmax(true), gatedlyShared(experts)));
    }

    private static MixtureWeights gatedlyShared(Experts experts) {
        int shared = experts.config().integer("shared_expert_intermediate_size", 512);
        return experts.usualByDefault(512)
                .shared("layers.{}.mlp.shared_expert", shared)
                .sharedGate("layers.{}.mlp.shared_expert_gate");
    }

    private static MixerWeights common(Heads heads) {
        return new MixerWeights(FOLDER)
                .parts(
                        "conv1d.weight",
                        1,
                        heads.parts(Slot.QUERY_CONVOLUTION, Slot.KEY_CONVOLUTION, Slot.VALUE_CONVOLUTION),
                        1,
                        heads.taps())
                .with(heads::decays)
                .norm(Slot.MIXER_NORM, "norm", heads.valueSize())
                .product(Slot.MIXER_OUTPUT, "out_proj", heads.hidden(), heads.values());
    }

    private static ArchitectureBuilder delta(ArchitectureBuilder builder, Heads heads, MixerWeights weights) {
        HfConfig config = builder.config();
        int interval = config.integer("full_attention_interval", 4);
        IntPredicate blocks = BlockKinds.linear(config, block -> (block + 1) % interval != 0);
        double epsilon = config.number("rms_norm_eps", 1e-6);
        return builder.mixer(blocks, new GatedDelta(heads.keySize(), heads.valueSize(), 1, epsilon), weights)
                .ignore("mtp\\..*");
    }

    /** Norms before the branches of blocks with the delta rule, and behind those of the others; rates may overshoot. */
    private static ArchitectureBuilder olmo(HfConfig config) {
        Reading.onlyActivation(config, "hidden_act", "silu");
        ArchitectureBuilder builder = OlmoFamilies.olmo2(config);
        int hidden = builder.extents().hidden();
        int usual = builder.extents().heads();
        HfConfig whole = config.withDefaults(Map.of("linear_num_key_heads", usual, "linear_num_value_heads", usual));
        int narrow = (int) (0.75 * hidden / whole.integer("linear_num_key_heads"));
        int keySize = config.integer("linear_key_head_dim", narrow);
        HfConfig sized =
                whole.withDefaults(Map.of("linear_key_head_dim", narrow, "linear_value_head_dim", 2 * keySize));
        Heads heads = Heads.of(sized, hidden);
        MixerWeights weights = GatedDelta.separate(FOLDER, heads.keys(), heads.values(), hidden, heads.taps())
                .product(Slot.MIXER_DECAY, "a_proj", heads.valueHeads(), hidden)
                .product(Slot.MIXER_RATE, "b_proj", heads.valueHeads(), hidden)
                .product(Slot.MIXER_GATE, "g_proj", heads.values(), hidden)
                .norm(Slot.MIXER_NORM, "o_norm", heads.valueSize())
                .with(heads::decays);
        MixerWeights before = new MixerWeights("layers.{}.")
                .norm(Slot.ATTENTION_NORM, "attention_layer_norm", "input_layernorm", hidden)
                .norm(Slot.FEED_FORWARD_NORM, "feedforward_layer_norm", "post_attention_layernorm", hidden);
        MixerWeights behind = new MixerWeights("layers.{}.")
                .norm(Slot.ATTENTION_OUTPUT_NORM, "post_attention_layernorm", "feedforward_layer_norm", hidden)
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "post_feedforward_layernorm", hidden);
        // A base of null means no rotation.
        Optional<RopeParameters> rope = Optional.of(Reading.theta(config, 10_000))
                .filter(some -> !config.object("rope_parameters")
                        .map(keys -> keys.isNull("rope_theta"))
                        .orElse(false));
        double rateScale = config.bool("linear_allow_neg_eigval", true) ? 2 : 1;
        int last = builder.extents().blocks() - 1;
        IntPredicate linear = BlockKinds.linear(config, block -> block % 4 != 3 && (last >= 3 || block < last));
        return builder.epsilonByDefault(1e-6)
                .without(Slot.FEED_FORWARD_OUTPUT_NORM)
                .without(Slot.ATTENTION_OUTPUT_NORM)
                .rotary(block -> rope)
                .mixer(linear, new GatedDelta(keySize, heads.valueSize(), rateScale, 1e-5), weights)
                .differing(linear, before)
                .differing(linear.negate(), behind)
                .ignore("mtp\\..*");
    }

    /** The product for queries is that for their gates, too. */
    private static ArchitectureBuilder gatedAttention(HfConfig config, int keyValueHeads) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Reading.onlyActivation(config, "hidden_act", "silu");
        return builder.with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(keyValueHeads)
                .headSizeByDefault(256)
                .norm(NormKind.RMS_NORM_1P, config.number("rms_norm_eps", 1e-6))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.25)))
                .fused("layers.{}.self_attn.q_proj", builder.extents().heads(), Slot.QUERY, Slot.ATTENTION_GATE)
                .bias(config.bool("attention_bias", false), Slot.ATTENTION_GATE);
    }
}
