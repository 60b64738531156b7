package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Sinusoids;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;

/** OPT in all its variants, and relatives with its names. */
public final class OptFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "biogpt", OptFamilies::bioGpt,
            "opt", OptFamilies::opt,
            "xglm", OptFamilies::xglm);

    /** Rows of the position table for padding. */
    private static final int POSITION_OFFSET = 2;

    private OptFamilies() {}

    private static ArchitectureBuilder opt(HfConfig config) {
        Extents all = Extents.of(config, 2048);
        Extents extents = all.withEmbeddingSize(config.integer("word_embed_proj_dim", all.hidden()));
        boolean normsFirst = config.bool("do_layer_norm_before", true);
        ArchitectureBuilder builder = learnedPositions(base(config, extents)
                .prefixes("model.decoder.", "decoder.")
                .activation(Activation.of(config, "activation_function", "relu"))
                .bias(config.bool("enable_bias", true), Slot.PRODUCTS));
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

    private static ArchitectureBuilder base(HfConfig config, Extents extents) {
        return new ArchitectureBuilder(config, extents)
                .norm(NormKind.LAYER_NORM, 1e-5)
                .normBias(true)
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "embed_tokens")
                .product(Slot.QUERY, "layers.{}.self_attn.q_proj")
                .product(Slot.KEY, "layers.{}.self_attn.k_proj")
                .product(Slot.VALUE, "layers.{}.self_attn.v_proj")
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.out_proj")
                .product(Slot.UP, "layers.{}.fc1")
                .product(Slot.DOWN, "layers.{}.fc2")
                .product(Slot.UNEMBEDDING, "lm_head");
    }

    private static ArchitectureBuilder learnedPositions(ArchitectureBuilder builder) {
        long positions = builder.extents().context();
        return builder.embeddingTensor(
                Slot.weight(Slot.POSITION_EMBEDDING),
                WeightSource.whole("embed_positions.weight", positions + POSITION_OFFSET, (long)
                                builder.extents().hidden())
                        .part(new Outputs(POSITION_OFFSET, positions, 1, positions)));
    }

    /** Norms before the branches and a scaled embedding, with fixed epsilons whatever the file says. */
    private static ArchitectureBuilder scaled(HfConfig config, Extents extents) {
        boolean scaled = config.bool("scale_embedding", true);
        return base(config, extents)
                .embeddingMultiplier(scaled ? Math.sqrt(extents.hidden()) : 1)
                .bias(true, Slot.PRODUCTS)
                .norm(Slot.ATTENTION_NORM, "layers.{}.self_attn_layer_norm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.final_layer_norm")
                .norm(Slot.FINAL_NORM, "layer_norm");
    }

    private static ArchitectureBuilder bioGpt(HfConfig config) {
        return learnedPositions(scaled(config, Extents.of(config, 1024)))
                .prefixes("biogpt.")
                .activation(Activation.of(config, "hidden_act", "gelu"))
                .product(Slot.UNEMBEDDING, "output_projection");
    }

    /** Computed positions. A file may hold their table. */
    private static ArchitectureBuilder xglm(HfConfig config) {
        Reading.refuse(config, "add_cross_attention", true);
        if (config.integerOrZero("pad_token_id", 1) >= POSITION_OFFSET) {
            throw config.unsupported("pad_token_id", config.integer("pad_token_id"), "0 and 1");
        }
        return scaled(config, Extents.of(config, 2048))
                .prefixes("model.")
                .activation(Activation.of(config, "activation_function", "gelu"))
                .sinusoids(new Sinusoids(POSITION_OFFSET))
                .ignore("embed_positions\\.weights");
    }

    private static void norm(ArchitectureBuilder builder, String slot, String name) {
        if (builder.config().bool("layer_norm_elementwise_affine", true)) {
            builder.norm(slot, name);
        } else {
            builder.unweightedNorm(slot);
        }
    }
}
