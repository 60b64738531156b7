package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** GPT-2 and its open followers: LayerNorm with bias, plain feed-forward. */
public final class GptFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "codegen", GptFamilies::codegen,
            "gpt-sw3", GptFamilies::gpt2,
            "gpt2", GptFamilies::gpt2,
            "gpt_bigcode", GptFamilies::bigCode,
            "gpt_neo", GptFamilies::neo,
            "gpt_neox", GptFamilies::neoX,
            "gpt_neox_japanese", GptFamilies::japanese,
            "gptj", GptFamilies::j,
            "openai-gpt", GptFamilies::gpt1);

    private GptFamilies() {}

    /** Stores weights as [inputs, outputs]. */
    private static ArchitectureBuilder gpt2(HfConfig config) {
        ArchitectureBuilder builder = base(config, extents(config));
        double scale = scale(builder);
        boolean scaleByInverseLayer = config.bool("scale_attn_by_inverse_layer_idx", false);
        return learnedPositions(builder)
                .inputsFirst()
                .attentionScale(block -> scaleByInverseLayer ? scale / (block + 1) : scale)
                .tiedByDefault(true)
                .fused("h.{}.attn.c_attn", 1, Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.c_proj")
                .bias(true, Slot.PRODUCTS);
    }

    /** Norms after the additions, and no norm before the head. */
    private static ArchitectureBuilder gpt1(HfConfig config) {
        String activation = config.string("afn", "gelu");
        if (!List.of("relu", "silu", "gelu", "swish").contains(activation)) {
            throw config.unsupported("afn", activation, "relu, silu, gelu and swish");
        }
        Extents extents = extents(config);
        return learnedPositions(base(config, extents.withInner(4 * extents.hidden())), "positions_embed")
                .activation(activation.equals("gelu") ? Activation.GELU_TANH : Activation.of(config, "afn", "gelu"))
                .inputsFirst()
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "tokens_embed")
                .fused("h.{}.attn.c_attn", 1, Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.c_proj")
                .bias(true, Slot.PRODUCTS)
                .without(Slot.ATTENTION_NORM)
                .without(Slot.FEED_FORWARD_NORM)
                .norm(Slot.ATTENTION_RESIDUAL_NORM, "h.{}.ln_1")
                .norm(Slot.FEED_FORWARD_RESIDUAL_NORM, "h.{}.ln_2")
                .without(Slot.FINAL_NORM);
    }

    /** One head of keys and values for all, or every head's queries, keys and values side by side. */
    private static ArchitectureBuilder bigCode(HfConfig config) {
        boolean shared = config.bool("multi_query", true);
        Extents extents = extents(config);
        ArchitectureBuilder builder = base(config, shared ? extents.withKeyValueHeads(1) : extents);
        double scale = scale(builder);
        return learnedPositions(builder)
                .activation(Activation.of(config, "activation_function", "gelu_pytorch_tanh"))
                .attentionScale(block -> scale)
                .tiedByDefault(true)
                .fused("h.{}.attn.c_attn", shared ? 1 : extents.heads(), Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.c_proj")
                .bias(true, Slot.PRODUCTS);
    }

    /** Scores have no scale. */
    private static ArchitectureBuilder neo(HfConfig config) {
        List<String> kinds = config.optionalStrings("attention_layers")
                .or(() -> config.repeatedStrings("attention_types"))
                .orElse(List.of("global", "local"));
        int window = config.integer("window_size", 256);
        return learnedPositions(base(config, Extents.of(config, 2048)))
                .attentionScale(block -> 1)
                .window(block -> kinds.get(block % kinds.size()).equals("local") ? window : 0)
                .tiedByDefault(true)
                .product(Slot.QUERY, "h.{}.attn.attention.q_proj")
                .product(Slot.KEY, "h.{}.attn.attention.k_proj")
                .product(Slot.VALUE, "h.{}.attn.attention.v_proj")
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.attention.out_proj")
                .bias(true, Slot.ATTENTION_OUTPUT, Slot.UP, Slot.DOWN)
                .ignore("h\\.\\d+\\.attn\\.attention\\.(bias|masked_bias)");
    }

    /** Both branches in parallel through one norm; the head has a bias. */
    private static ArchitectureBuilder j(HfConfig config) {
        ArchitectureBuilder builder = base(config, extents(config));
        double rotated =
                (double) config.integer("rotary_dim", 64) / builder.extents().headSize();
        return builder.residual(Residual.Form.PARALLEL)
                .without(Slot.FEED_FORWARD_NORM)
                .rotary(RopeParameters.unscaled(10_000).withPartialRotaryFactor(rotated))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .tiedByDefault(false)
                .product(Slot.QUERY, "h.{}.attn.q_proj")
                .product(Slot.KEY, "h.{}.attn.k_proj")
                .product(Slot.VALUE, "h.{}.attn.v_proj")
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.out_proj")
                .product(Slot.UP, "h.{}.mlp.fc_in")
                .product(Slot.DOWN, "h.{}.mlp.fc_out")
                .bias(true, Slot.UP, Slot.DOWN, Slot.UNEMBEDDING)
                .ignore("h\\.\\d+\\.attn\\.embed_positions");
    }

    /** GPT-J's block. The fused product was split for four processors, and values come before keys. */
    private static ArchitectureBuilder codegen(HfConfig config) {
        return j(config)
                .fused("h.{}.attn.qkv_proj", 4, Slot.QUERY, Slot.VALUE, Slot.KEY)
                .ignore("h\\.\\d+\\.attn\\.causal_mask");
    }

    private static ArchitectureBuilder neoX(HfConfig config) {
        var defaults = new RopeParameters.Defaults(
                config.number("rotary_emb_base", 10_000), config.number("rotary_pct", 0.25));
        boolean parallel = config.bool("use_parallel_residual", true);
        Extents extents = Extents.of(config, 2048);
        return new ArchitectureBuilder(config, extents)
                .prefixes("gpt_neox.")
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "gelu"))
                .residual(parallel ? Residual.Form.PARALLEL : Residual.Form.SEQUENTIAL)
                .rotary(RopeParameters.of(config, defaults))
                .tiedByDefault(false)
                .product(Slot.TOKEN_EMBEDDING, "embed_in")
                .norm(Slot.ATTENTION_NORM, "layers.{}.input_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.post_attention_layernorm")
                .fused("layers.{}.attention.query_key_value", extents.heads(), Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.attention.dense")
                .product(Slot.UP, "layers.{}.mlp.dense_h_to_4h")
                .product(Slot.DOWN, "layers.{}.mlp.dense_4h_to_h")
                .bias(true, Slot.UP, Slot.DOWN)
                .bias(config.bool("attention_bias", true), Slot.QUERY, Slot.KEY, Slot.VALUE, Slot.ATTENTION_OUTPUT)
                .norm(Slot.FINAL_NORM, "final_layer_norm")
                .product(Slot.UNEMBEDDING, "embed_out")
                .ignore("layers\\.\\d+\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)");
    }

    /** The same without biases, but for one in the attention of the last block. */
    private static ArchitectureBuilder japanese(HfConfig config) {
        var defaults =
                new RopeParameters.Defaults(config.number("rotary_emb_base", 10_000), config.number("rotary_pct", 1));
        ArchitectureBuilder builder = neoX(config);
        Extents extents = builder.extents();
        return builder.prefixes("gpt_neox_japanese.")
                .extents(extents.withInner(extents.hidden() * config.integer("intermediate_multiple_size", 4)))
                .residual(Residual.Form.SEQUENTIAL)
                .rotary(RopeParameters.of(config, defaults))
                .tiedByDefault(true)
                .bias(false, Slot.PRODUCTS)
                .differing(
                        block -> block == extents.blocks() - 1,
                        new MixerWeights("layers.{}.attention.")
                                .tensor(Slot.bias(Slot.ATTENTION_OUTPUT), "dense_bias", extents.hidden()));
    }

    /** GPT-2's names, except for the attention. */
    private static ArchitectureBuilder base(HfConfig config, Extents extents) {
        return new ArchitectureBuilder(config, extents.checked(config))
                .prefixes("transformer.")
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_epsilon", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "activation_function", "gelu_new"))
                .product(Slot.TOKEN_EMBEDDING, "wte")
                .norm(Slot.ATTENTION_NORM, "h.{}.ln_1")
                .norm(Slot.FEED_FORWARD_NORM, "h.{}.ln_2")
                .product(Slot.UP, "h.{}.mlp.c_fc")
                .product(Slot.DOWN, "h.{}.mlp.c_proj")
                .norm(Slot.FINAL_NORM, "ln_f")
                .product(Slot.UNEMBEDDING, "lm_head")
                .ignore("h\\.\\d+\\.attn\\.(bias|masked_bias)");
    }

    private static ArchitectureBuilder learnedPositions(ArchitectureBuilder builder) {
        return learnedPositions(builder, "wpe");
    }

    private static ArchitectureBuilder learnedPositions(ArchitectureBuilder builder, String name) {
        Extents extents = builder.extents();
        return builder.embeddingTensor(
                Slot.weight(Slot.POSITION_EMBEDDING),
                WeightSource.whole(name + ".weight", (long) extents.context(), (long) extents.hidden()));
    }

    private static double scale(ArchitectureBuilder builder) {
        return builder.config().bool("scale_attn_weights", true)
                ? 1 / Math.sqrt(builder.extents().headSize())
                : 1;
    }

    /** Files of these classes may omit every size. */
    private static Extents extents(HfConfig config) {
        int hidden = config.integer("hidden_size", 768);
        int heads = config.integer("num_attention_heads", 12);
        return new Extents(
                config.integer("num_hidden_layers", 12),
                hidden,
                heads,
                heads,
                0,
                config.integer("intermediate_size", 4 * hidden),
                config.integer("vocab_size", 50257),
                hidden,
                config.integer("max_position_embeddings", 1024));
    }
}
