package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.TextInside;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Gemma 4: heads of two sizes; the last blocks use the keys and values of earlier ones; every block also reads a vector of the
 * token itself; experts work beside a dense feed-forward.
 */
public final class Gemma4Families {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "gemma4",
            config -> seeing(config, text(config)),
            "gemma4_text",
            Gemma4Families::text,
            "gemma4_unified",
            config -> seeing(config, unified(config)),
            "gemma4_unified_text",
            Gemma4Families::unified);

    private static final String LAYER = "layers.{}.";

    private Gemma4Families() {}

    /** Tokens that stand for what is seen or heard have the embedding of padding. */
    private static ArchitectureBuilder seeing(HfConfig config, ArchitectureBuilder text) {
        int padding = config.integerOrZero("pad_token_id", 0);
        Map<String, Integer> defaults =
                Map.of("image_token_id", 258_880, "video_token_id", 258_884, "audio_token_id", 258_881);
        List<Integer> placeholders = defaults.entrySet().stream()
                .map(entry -> config.outer().integer(entry.getKey(), entry.getValue()))
                .toList();
        return TextInside.named(text)
                .tiedOutsideByDefault(true)
                .ignore("(audio_tower|embed_vision|embed_audio|vision_embedder)\\..*")
                .embeddedToken(token -> placeholders.contains(token) ? padding : token);
    }

    private static ArchitectureBuilder text(HfConfig config) {
        ArchitectureBuilder builder = base(config, 512, 131_072);
        int size = config.integerOrZero("hidden_size_per_layer_input", 256);
        if (size > 0) {
            layerInputs(builder, size, SharedKeys.of(config).carried());
        }
        return config.bool("enable_moe_block", false) ? withExperts(builder) : builder;
    }

    private static ArchitectureBuilder unified(HfConfig config) {
        return base(config, 1024, 262_144);
    }

    private static ArchitectureBuilder base(HfConfig config, int windowByDefault, int contextByDefault) {
        if (config.string("use_bidirectional_attention", "vision").equals("all")) {
            throw config.unsupported("use_bidirectional_attention", "all", "vision and null");
        }
        if (config.has("per_layer_config")) {
            throw config.unsupported("per_layer_config", "an object", "null");
        }
        SharedKeys blocks = SharedKeys.of(config);
        int window = config.integer("sliding_window", windowByDefault);
        int hidden = config.integer("hidden_size", 2304);
        var rotary = Reading.proportionalRopes(config, blocks::windowed, 0.25);
        ArchitectureBuilder builder = LlamaFamilies.named(config, blocks.extents(contextByDefault))
                .epsilonByDefault(1e-6)
                .activation(Activation.of(config, "hidden_activation", "gelu_pytorch_tanh"))
                .embeddingMultiplier(Math.sqrt(hidden))
                .tiedByDefault(true)
                .attentionScale(block -> 1)
                .rotary(block -> rotary.apply(block).map(rope -> sized(rope, blocks, block)))
                .window(block -> blocks.windowed(block) ? window : 0)
                .head(new HeadForm(1, Reading.softcap(config, "final_logit_softcapping", 0)))
                .norm(Slot.ATTENTION_OUTPUT_NORM, LAYER + "post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, LAYER + "pre_feedforward_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, LAYER + "post_feedforward_layernorm")
                .blockTensor(Slot.LAYER_SCALE, WeightSource.whole(LAYER + "layer_scalar", 1L))
                .queryKeyNorm(QueryKeyNorm.EACH_HEAD, LAYER + "self_attn.q_norm", LAYER + "self_attn.k_norm")
                .computed(Slot.weight(Slot.VALUE_NORM), block -> blocks.ones(block));
        return blocks.give(builder);
    }

    /** The size of the widest heads is that of the description. */
    private static RopeParameters sized(RopeParameters rope, SharedKeys blocks, int block) {
        double share = (double) blocks.headSize(block) / blocks.widestHead();
        return rope.withPartialRotaryFactor(rope.partialRotaryFactor() * share);
    }

    /**
     * Vectors of the token for each block.
     *
     * @param others columns that rows carry beside them
     */
    static void layerInputs(ArchitectureBuilder builder, int size, int others) {
        HfConfig config = builder.config();
        int hidden = builder.extents().hidden();
        long all = (long) size * builder.extents().blocks();
        long rows = config.integer("vocab_size_per_layer_input", 262_144);
        builder.carried(others + (int) all)
                .embeddingTensor(
                        Slot.weight(Slot.LAYER_EMBEDDING),
                        WeightSource.whole("embed_tokens_per_layer.weight", rows, all))
                .embeddingTensor(
                        Slot.weight(Slot.LAYER_INPUT_PROJECTION),
                        WeightSource.whole("per_layer_model_projection.weight", all, (long) hidden))
                .embeddingTensor(
                        Slot.weight(Slot.LAYER_INPUT_NORM),
                        WeightSource.whole("per_layer_projection_norm.weight", (long) size))
                .norm(Slot.LAYER_OUTPUT_NORM, LAYER + "post_per_layer_input_norm")
                .blockTensor(
                        Slot.weight(Slot.LAYER_GATE),
                        WeightSource.whole(LAYER + "per_layer_input_gate.weight", (long) size, (long) hidden))
                .blockTensor(
                        Slot.weight(Slot.LAYER_OUTPUT),
                        WeightSource.whole(LAYER + "per_layer_projection.weight", (long) hidden, (long) size));
    }

    private static ArchitectureBuilder withExperts(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        var experts = new Experts(config, config.integer("num_local_experts"), config.integer("top_k_experts"));
        int hidden = builder.extents().hidden();
        return builder.mixture(new Mixture(
                        block -> true,
                        experts.router(Scoring.SOFTMAX, true),
                        experts.weights(config.integer(Experts.INNER))
                                .router(LAYER + "router.proj")
                                .stacked(LAYER + "experts.gate_up_proj", LAYER + "experts.down_proj")))
                .differing(
                        block -> true,
                        new MixerWeights(LAYER)
                                .tensor(Slot.weight(Slot.ROUTER_NORM), "router.scale", hidden)
                                .tensor(Slot.EXPERT_SCALES, "router.per_expert_scale", experts.count()))
                .norm(Slot.MIXTURE_NORM, LAYER + "pre_feedforward_layernorm_2")
                .norm(Slot.MIXTURE_OUTPUT_NORM, LAYER + "post_feedforward_layernorm_2")
                .norm(Slot.DENSE_OUTPUT_NORM, LAYER + "post_feedforward_layernorm_1");
    }
}
