package dev.stratalens.server.model.architecture.family;

import dev.stratalens.server.model.architecture.Activation;
import dev.stratalens.server.model.architecture.ArchitectureBuilder;
import dev.stratalens.server.model.architecture.Extents;
import dev.stratalens.server.model.architecture.HfConfig;
import dev.stratalens.server.model.architecture.NormKind;
import dev.stratalens.server.model.architecture.RopeParameters;
import dev.stratalens.server.model.architecture.Slot;
import java.util.Map;
import java.util.function.Function;

/** Llama and its nearest relatives: RMSNorm, rotary halves, grouped key-value heads, gated feed-forward. */
final class LlamaFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of("llama", LlamaFamilies::llama);

    private LlamaFamilies() {}

    /** With the keys that only Llama itself reads. */
    private static ArchitectureBuilder llama(HfConfig config) {
        return base(config)
                .bias(config.bool("attention_bias", false), Slot.QUERY, Slot.KEY, Slot.VALUE, Slot.ATTENTION_OUTPUT)
                .bias(config.bool("mlp_bias", false), Slot.GATE, Slot.UP, Slot.DOWN);
    }

    /** What all have in common: no biases. */
    static ArchitectureBuilder base(HfConfig config) {
        return new ArchitectureBuilder(config, Extents.of(config, 2048))
                .prefixes("model.")
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-6))
                .activation(Activation.of(config, "hidden_act", "silu"))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.USUAL))
                .tiedByDefault(false)
                .product(Slot.TOKEN_EMBEDDING, "embed_tokens")
                .norm(Slot.ATTENTION_NORM, "layers.{}.input_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.post_attention_layernorm")
                .product(Slot.QUERY, "layers.{}.self_attn.q_proj")
                .product(Slot.KEY, "layers.{}.self_attn.k_proj")
                .product(Slot.VALUE, "layers.{}.self_attn.v_proj")
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.o_proj")
                .product(Slot.GATE, "layers.{}.mlp.gate_proj")
                .product(Slot.UP, "layers.{}.mlp.up_proj")
                .product(Slot.DOWN, "layers.{}.mlp.down_proj")
                .norm(Slot.FINAL_NORM, "norm")
                .product(Slot.UNEMBEDDING, "lm_head")
                .ignore("layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");
    }
}
