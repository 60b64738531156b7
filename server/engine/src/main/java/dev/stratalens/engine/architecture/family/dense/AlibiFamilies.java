package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.Alibi;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** BLOOM, MPT and Falcon: positions as alibi biases only, or rotation in most Falcons. */
public final class AlibiFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "bloom", AlibiFamilies::bloom,
            "falcon", AlibiFamilies::falcon,
            "mpt", AlibiFamilies::mpt);

    private AlibiFamilies() {}

    private static ArchitectureBuilder bloom(HfConfig config) {
        Extents extents = Extents.of(config, 2048);
        boolean onNormed = config.bool("apply_residual_connection_post_layernorm", false);
        return new ArchitectureBuilder(config, extents)
                .prefixes("transformer.")
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_epsilon", 1e-5))
                .normBias(true)
                .activation(Activation.GELU_TANH)
                .residual(onNormed ? Residual.Form.SEQUENTIAL_ON_NORMED : Residual.Form.SEQUENTIAL)
                .alibi(new Alibi(Alibi.slopes(extents.heads()), 1, false))
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "word_embeddings")
                .norm(Slot.EMBEDDING_NORM, "word_embeddings_layernorm")
                .norm(Slot.ATTENTION_NORM, "h.{}.input_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "h.{}.post_attention_layernorm")
                .fused("h.{}.self_attention.query_key_value", extents.heads(), Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "h.{}.self_attention.dense")
                .product(Slot.UP, "h.{}.mlp.dense_h_to_4h")
                .product(Slot.DOWN, "h.{}.mlp.dense_4h_to_h")
                .bias(true, Slot.PRODUCTS)
                .norm(Slot.FINAL_NORM, "ln_f")
                .product(Slot.UNEMBEDDING, "lm_head");
    }

    private static ArchitectureBuilder falcon(HfConfig config) {
        boolean grouped = config.bool("new_decoder_architecture", false);
        boolean shared = config.bool("multi_query", true);
        boolean parallel = grouped || config.bool("parallel_attn", true);
        Extents all = Extents.of(config, 2048);
        int keyValueHeads = grouped ? config.integer("num_kv_heads", all.heads()) : shared ? 1 : all.heads();
        int groups = grouped ? keyValueHeads : shared ? 1 : all.heads();
        ArchitectureBuilder builder = bloom(config)
                .extents(all.withKeyValueHeads(keyValueHeads))
                .without(Slot.EMBEDDING_NORM)
                .activation(Activation.of(config, "activation", "gelu"))
                .residual(parallel ? Residual.Form.PARALLEL : Residual.Form.SEQUENTIAL)
                .fused("h.{}.self_attention.query_key_value", groups, Slot.QUERY_KEY_VALUE)
                .bias(config.bool("bias", false), Slot.PRODUCTS);
        if (grouped && config.integer("num_ln_in_parallel_attn", 2) == 2) {
            builder.norm(Slot.ATTENTION_NORM, "h.{}.ln_attn").norm(Slot.FEED_FORWARD_NORM, "h.{}.ln_mlp");
        } else if (parallel) {
            builder.without(Slot.FEED_FORWARD_NORM);
        }
        if (config.bool("alibi", false)) {
            double scale = 1 / Math.sqrt(all.checked(config).headSize());
            return builder.alibi(new Alibi(Alibi.slopes(all.heads()), scale, true));
        }
        return builder.withoutAlibi().rotary(RopeParameters.of(config, RopeParameters.Defaults.USUAL));
    }

    private static ArchitectureBuilder mpt(HfConfig config) {
        Extents extents = Extents.of(config, 2048);
        double scale = 1 / Math.sqrt(extents.checked(config).headSize());
        Optional<HfConfig> attention = config.object("attn_config");
        attention.ifPresent(keys -> {
            Reading.refuse(keys, "alibi", false);
            Reading.refuse(keys, "qk_ln", true);
            Reading.refuse(keys, "prefix_lm", true);
        });
        double givenScale =
                attention.flatMap(keys -> keys.optionalNumber("softmax_scale")).orElse(scale);
        return new ArchitectureBuilder(config, extents)
                .prefixes("transformer.")
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_epsilon", 1e-5))
                .activation(Activation.GELU)
                .alibi(new Alibi(Alibi.everySecondSlope(extents.heads()), 1, false))
                .attentionScale(block -> givenScale)
                .clip(attention.flatMap(keys -> keys.optionalNumber("clip_qkv")).orElse(0.0))
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "wte")
                .norm(Slot.ATTENTION_NORM, "blocks.{}.norm_1")
                .norm(Slot.FEED_FORWARD_NORM, "blocks.{}.norm_2")
                .fused("blocks.{}.attn.Wqkv", 1, Slot.QUERY_KEY_VALUE)
                .product(Slot.ATTENTION_OUTPUT, "blocks.{}.attn.out_proj")
                .product(Slot.UP, "blocks.{}.ffn.up_proj")
                .product(Slot.DOWN, "blocks.{}.ffn.down_proj")
                .norm(Slot.FINAL_NORM, "norm_f")
                .product(Slot.UNEMBEDDING, "lm_head");
    }
}
