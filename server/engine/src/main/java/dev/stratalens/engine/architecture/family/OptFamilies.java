package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Slot;
import dev.stratalens.engine.architecture.WeightSource;
import dev.stratalens.engine.architecture.WeightSource.Outputs;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** OPT in all its variants. */
final class OptFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of("opt", OptFamilies::opt);

    /** Rows of the position table for padding. */
    private static final int POSITION_OFFSET = 2;

    private OptFamilies() {}

    private static ArchitectureBuilder opt(HfConfig config) {
        Extents all = Extents.of(config, 2048);
        Extents extents = all.withEmbeddingSize(config.integer("word_embed_proj_dim", all.hidden()));
        boolean normsFirst = config.bool("do_layer_norm_before", true);
        long positions = extents.context();
        ArchitectureBuilder builder = new ArchitectureBuilder(config, extents)
                .prefixes("model.decoder.", "decoder.")
                .norm(NormKind.LAYER_NORM, 1e-5)
                .normBias(true)
                .activation(Activation.of(config, "activation_function", "relu"))
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "embed_tokens")
                .embeddingTensor(
                        Slot.weight(Slot.POSITION_EMBEDDING),
                        WeightSource.whole(
                                        "embed_positions.weight", positions + POSITION_OFFSET, (long) extents.hidden())
                                .part(new Outputs(POSITION_OFFSET, positions, 1, positions)))
                .product(Slot.QUERY, "layers.{}.self_attn.q_proj")
                .product(Slot.KEY, "layers.{}.self_attn.k_proj")
                .product(Slot.VALUE, "layers.{}.self_attn.v_proj")
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.out_proj")
                .product(Slot.UP, "layers.{}.fc1")
                .product(Slot.DOWN, "layers.{}.fc2")
                .bias(config.bool("enable_bias", true), GptFamilies.PRODUCTS)
                .product(Slot.UNEMBEDDING, "lm_head");
        norm(
                builder,
                normsFirst ? Slot.ATTENTION_NORM : Slot.ATTENTION_RESIDUAL_NORM,
                "layers.{}.self_attn_layer_norm");
        norm(
                builder,
                normsFirst ? Slot.FEED_FORWARD_NORM : Slot.FEED_FORWARD_RESIDUAL_NORM,
                "layers.{}.final_layer_norm");
        if (normsFirst && !config.bool("_remove_final_layer_norm", false)) {
            norm(builder, Slot.FINAL_NORM, "final_layer_norm");
        }
        if (extents.embeddingSize() != extents.hidden()) {
            builder.product(Slot.EMBEDDING_PROJECTION, "project_in").product(Slot.HEAD_PROJECTION, "project_out");
        }
        return builder;
    }

    private static void norm(ArchitectureBuilder builder, String slot, String name) {
        if (builder.config().bool("layer_norm_elementwise_affine", true)) {
            builder.norm(slot, name);
        } else {
            builder.unweightedNorm(slot);
        }
    }
}
