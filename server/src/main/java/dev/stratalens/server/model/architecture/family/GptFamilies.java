package dev.stratalens.server.model.architecture.family;

import dev.stratalens.server.model.architecture.Activation;
import dev.stratalens.server.model.architecture.ArchitectureBuilder;
import dev.stratalens.server.model.architecture.Extents;
import dev.stratalens.server.model.architecture.HfConfig;
import dev.stratalens.server.model.architecture.NormKind;
import dev.stratalens.server.model.architecture.Slot;
import dev.stratalens.server.model.architecture.WeightSource;
import java.util.Map;
import java.util.function.Function;

/** GPT-2 and those that kept its names: LayerNorm with bias, learned positions, plain feed-forward. */
final class GptFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of("gpt2", GptFamilies::gpt2);

    /** Every product of a block. */
    static final String[] PRODUCTS = {
        Slot.QUERY, Slot.KEY, Slot.VALUE, Slot.ATTENTION_OUTPUT, Slot.GATE, Slot.UP, Slot.DOWN
    };

    private GptFamilies() {}

    private static ArchitectureBuilder gpt2(HfConfig config) {
        Extents extents = extents(config);
        double scale = config.bool("scale_attn_weights", true) ? 1 / Math.sqrt(extents.headSize()) : 1;
        boolean scaleByInverseLayer = config.bool("scale_attn_by_inverse_layer_idx", false);
        return new ArchitectureBuilder(config, extents)
                .prefixes("transformer.")
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_epsilon", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "activation_function", "gelu_new"))
                .attentionScale(block -> scaleByInverseLayer ? scale / (block + 1) : scale)
                .tiedByDefault(true)
                .product(Slot.TOKEN_EMBEDDING, "wte")
                .embeddingTensor(
                        Slot.weight(Slot.POSITION_EMBEDDING),
                        WeightSource.whole("wpe.weight", (long) extents.context(), (long) extents.hidden()))
                .norm(Slot.ATTENTION_NORM, "h.{}.ln_1")
                .norm(Slot.FEED_FORWARD_NORM, "h.{}.ln_2")
                .inputsFirst()
                .fused("h.{}.attn.c_attn", 1, Slot.QUERY, Slot.KEY, Slot.VALUE)
                .product(Slot.ATTENTION_OUTPUT, "h.{}.attn.c_proj")
                .product(Slot.UP, "h.{}.mlp.c_fc")
                .product(Slot.DOWN, "h.{}.mlp.c_proj")
                .bias(true, PRODUCTS)
                .norm(Slot.FINAL_NORM, "ln_f")
                .product(Slot.UNEMBEDDING, "lm_head")
                .ignore("h\\.\\d+\\.attn\\.(bias|masked_bias)");
    }

    /** Files of this class may omit every size. */
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
                        config.integer("max_position_embeddings", 1024))
                .checked(config);
    }
}
