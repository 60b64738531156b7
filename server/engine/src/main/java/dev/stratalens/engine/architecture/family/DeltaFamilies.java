package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.MixerWeights;
import dev.stratalens.engine.architecture.MixerWeights.Part;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.MixtureWeights;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.mixer.GatedDelta;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** The gated delta rule in most blocks, and attention in the others: Qwen and OLMo. */
final class DeltaFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
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
        int experts = Experts.count(config, 256);
        return qwen35(config)
                .keyValueHeadsByDefault(2)
                .mixture(new Mixture(
                        block -> true,
                        Router.of(Scoring.SOFTMAX, Experts.chosen(config, 8, experts), true),
                        gatedlyShared(config, experts)));
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
        int experts = Experts.count(config, 512);
        return delta(builder, heads, weights)
                .mixture(new Mixture(
                        Experts.everySparseStep(config),
                        Router.of(
                                Scoring.SOFTMAX,
                                Experts.chosen(config, 10, experts),
                                config.bool("norm_topk_prob", true)),
                        gatedlyShared(config, experts)));
    }

    private static MixtureWeights gatedlyShared(HfConfig config, int experts) {
        return Experts.usual(config, experts, config.integer(Experts.INNER, 512))
                .shared("layers.{}.mlp.shared_expert", config.integer("shared_expert_intermediate_size", 512))
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
                .tensor(Slot.DECAY_LOG, "A_log", heads.valueHeads())
                .tensor(Slot.DECAY_BIAS, "dt_bias", heads.valueHeads())
                .tensor(Slot.weight(Slot.MIXER_NORM), "norm.weight", heads.valueSize())
                .product(Slot.MIXER_OUTPUT, "out_proj", heads.hidden(), heads.values());
    }

    private static ArchitectureBuilder delta(ArchitectureBuilder builder, Heads heads, MixerWeights weights) {
        HfConfig config = builder.config();
        int interval = config.integer("full_attention_interval", 4);
        IntPredicate blocks = BlockKinds.of(
                config,
                "layer_types",
                List.of("linear_attention"),
                List.of("full_attention"),
                block -> (block + 1) % interval != 0);
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
        int keyHeads = config.integer("linear_num_key_heads", usual);
        int valueHeads = config.integer("linear_num_value_heads", usual);
        int keySize = config.integer("linear_key_head_dim", (int) (0.75 * hidden / keyHeads));
        int valueSize = config.integer("linear_value_head_dim", 2 * keySize);
        long keys = (long) keyHeads * keySize;
        long values = (long) valueHeads * valueSize;
        int taps = config.integer("linear_conv_kernel_dim", 4);
        MixerWeights weights = new MixerWeights(FOLDER)
                .product(Slot.MIXER_QUERY, "q_proj", keys, hidden)
                .product(Slot.MIXER_KEY, "k_proj", keys, hidden)
                .product(Slot.MIXER_VALUE, "v_proj", values, hidden)
                .tensor(Slot.weight(Slot.QUERY_CONVOLUTION), "q_conv1d.weight", keys, 1, taps)
                .tensor(Slot.weight(Slot.KEY_CONVOLUTION), "k_conv1d.weight", keys, 1, taps)
                .tensor(Slot.weight(Slot.VALUE_CONVOLUTION), "v_conv1d.weight", values, 1, taps)
                .product(Slot.MIXER_DECAY, "a_proj", valueHeads, hidden)
                .product(Slot.MIXER_RATE, "b_proj", valueHeads, hidden)
                .product(Slot.MIXER_GATE, "g_proj", values, hidden)
                .product(Slot.MIXER_OUTPUT, "o_proj", hidden, values)
                .tensor(Slot.weight(Slot.MIXER_NORM), "o_norm.weight", valueSize)
                .tensor(Slot.DECAY_LOG, "A_log", valueHeads)
                .tensor(Slot.DECAY_BIAS, "dt_bias", valueHeads);
        double rateScale = config.bool("linear_allow_neg_eigval", true) ? 2 : 1;
        int last = builder.extents().blocks() - 1;
        IntPredicate linear = BlockKinds.of(
                config,
                "layer_types",
                List.of("linear_attention"),
                List.of("full_attention"),
                block -> block % 4 != 3 && (last >= 3 || block < last));
        return builder.norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-6))
                .without(Slot.FEED_FORWARD_OUTPUT_NORM)
                .without(Slot.ATTENTION_OUTPUT_NORM)
                .rotary(olmoRope(config))
                .mixer(linear, new GatedDelta(keySize, valueSize, rateScale, 1e-5), weights)
                .differing(
                        linear,
                        norms(hidden, Slot.ATTENTION_NORM, "attention_layer_norm", "input_layernorm")
                                .either(
                                        Slot.weight(Slot.FEED_FORWARD_NORM),
                                        "feedforward_layer_norm.weight",
                                        "post_attention_layernorm.weight",
                                        hidden))
                .differing(
                        linear.negate(),
                        norms(hidden, Slot.ATTENTION_OUTPUT_NORM, "post_attention_layernorm", "feedforward_layer_norm")
                                .tensor(
                                        Slot.weight(Slot.FEED_FORWARD_OUTPUT_NORM),
                                        "post_feedforward_layernorm.weight",
                                        hidden))
                .ignore("mtp\\..*");
    }

    private static MixerWeights norms(int hidden, String slot, String name, String otherName) {
        return new MixerWeights("layers.{}.")
                .either(Slot.weight(slot), name + ".weight", otherName + ".weight", hidden);
    }

    /** A base of null means no rotation. */
    private static IntFunction<Optional<RopeParameters>> olmoRope(HfConfig config) {
        Optional<HfConfig> rope = config.object("rope_parameters");
        boolean none = rope.filter(some -> some.names("rope_theta") && !some.has("rope_theta"))
                .isPresent();
        Optional<RopeParameters> found = none ? Optional.empty() : Optional.of(Reading.theta(config, 10_000));
        return block -> found;
    }

    /** The product for queries is that for their gates, too. */
    private static ArchitectureBuilder gatedAttention(HfConfig config, int keyValueHeads) {
        ArchitectureBuilder builder = LlamaFamilies.attentionBias(LlamaFamilies.base(config), false);
        Reading.onlyActivation(config, "hidden_act", "silu");
        return LlamaFamilies.normedHeads(builder)
                .keyValueHeadsByDefault(keyValueHeads)
                .headSizeByDefault(256)
                .norm(NormKind.RMS_NORM_1P, config.number("rms_norm_eps", 1e-6))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.25)))
                .fused("layers.{}.self_attn.q_proj", builder.extents().heads(), Slot.QUERY, Slot.ATTENTION_GATE)
                .bias(config.bool("attention_bias", false), Slot.ATTENTION_GATE);
    }
}
