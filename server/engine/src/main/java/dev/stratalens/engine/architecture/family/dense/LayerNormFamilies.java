package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.QueryKeyNormWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Llama's names with LayerNorm: Phi, StableLM, StarCoder 2, Cohere, Nemotron. */
public final class LayerNormFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "cohere", LayerNormFamilies::cohere,
            "cohere2", LayerNormFamilies::cohere2,
            "jais2", LayerNormFamilies::jais2,
            "nemotron", LayerNormFamilies::nemotron,
            "persimmon", LayerNormFamilies::persimmon,
            "phi", LayerNormFamilies::phi,
            "stablelm", LayerNormFamilies::stableLm,
            "starcoder2", LayerNormFamilies::starcoder2);

    private static final int WINDOW = 4096;

    private LayerNormFamilies() {}

    /** One norm for both branches, and biases everywhere, including the head. */
    private static ArchitectureBuilder phi(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "gelu_new"))
                .residual(Residual.Form.PARALLEL)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.5)))
                .without(Slot.FEED_FORWARD_NORM)
                .without(Slot.GATE)
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.dense")
                .product(Slot.UP, "layers.{}.mlp.fc1")
                .product(Slot.DOWN, "layers.{}.mlp.fc2")
                .bias(true, Slot.PRODUCTS)
                .bias(true, Slot.UNEMBEDDING)
                .norm(Slot.FINAL_NORM, "final_layernorm");
        return config.bool("qk_layernorm", false)
                ? builder.queryKeyNorm(
                        QueryKeyNorm.EACH_HEAD, "layers.{}.self_attn.q_layernorm", "layers.{}.self_attn.k_layernorm")
                : builder;
    }

    private static ArchitectureBuilder stableLm(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .normBias(true)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.25)))
                .bias(config.bool("use_qkv_bias", false), Slot.QUERY_KEY_VALUE);
        builder.keyValueHeadsByDefault(32);
        if (config.bool("use_parallel_residual", false)) {
            builder.residual(Residual.Form.PARALLEL).without(Slot.FEED_FORWARD_NORM);
        }
        return config.bool("qk_layernorm", false)
                ? builder.queryKeyNormWeights(QueryKeyNormWeights.EACH_IN_ITS_OWN_TENSOR)
                        .queryKeyNorm(
                                QueryKeyNorm.EACH_HEAD,
                                "layers.{}.self_attn.q_layernorm.norms.{head}",
                                "layers.{}.self_attn.k_layernorm.norms.{head}")
                : builder;
    }

    private static ArchitectureBuilder starcoder2(HfConfig config) {
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(2)
                .norm(NormKind.LAYER_NORM, config.number("norm_epsilon", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "gelu_pytorch_tanh"))
                .window(Windows.everywhere(config))
                .tiedByDefault(true)
                .without(Slot.GATE)
                .product(Slot.UP, "layers.{}.mlp.c_fc")
                .product(Slot.DOWN, "layers.{}.mlp.c_proj")
                .bias(config.bool("use_bias", true), Slot.PRODUCTS);
    }

    /** One norm without bias for both branches, adjacent pairs, scaled logits. */
    private static ArchitectureBuilder cohere(HfConfig config) {
        ArchitectureBuilder builder = parallelCohere(config);
        return config.bool("use_qk_norm", false)
                ? builder.with(LlamaFamilies::normedHeads).queryKeyNormWeights(QueryKeyNormWeights.EACH_IN_ONE_TENSOR)
                : builder;
    }

    /** Only blocks with a window rotate. */
    private static ArchitectureBuilder cohere2(HfConfig config) {
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(Windows.pattern(config, 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        ArchitectureBuilder builder = parallelCohere(config);
        return builder.extents(builder.extents().withHeadSize(0))
                .rotary(block -> windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, Windows.size(config, WINDOW), windowed));
    }

    public static ArchitectureBuilder parallelCohere(HfConfig config) {
        return LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .residual(Residual.Form.PARALLEL)
                .without(Slot.FEED_FORWARD_NORM)
                .rotary(block -> Optional.of(Reading.theta(config, 500_000)))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .head(new HeadForm(config.number("logit_scale", 0.0625), 0))
                .tiedByDefault(true);
    }

    private static ArchitectureBuilder nemotron(HfConfig config) {
        return LlamaFamilies.llama(config)
                .norm(NormKind.LAYER_NORM_1P, config.number("norm_eps", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.5)))
                .without(Slot.GATE);
    }

    /** The heads' queries, keys and values side by side, with normed heads. */
    private static ArchitectureBuilder persimmon(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.5)))
                .without(Slot.GATE)
                .product(Slot.ATTENTION_OUTPUT, "layers.{}.self_attn.dense")
                .product(Slot.UP, "layers.{}.mlp.dense_h_to_4h")
                .product(Slot.DOWN, "layers.{}.mlp.dense_4h_to_h")
                .bias(true, Slot.PRODUCTS)
                .norm(Slot.FINAL_NORM, "final_layernorm");
        builder.fused("layers.{}.self_attn.query_key_value", builder.extents().heads(), Slot.QUERY_KEY_VALUE);
        return config.bool("qk_layernorm", true)
                ? builder.queryKeyNorm(
                        QueryKeyNorm.EACH_HEAD, "layers.{}.self_attn.q_layernorm", "layers.{}.self_attn.k_layernorm")
                : builder;
    }

    private static ArchitectureBuilder jais2(HfConfig config) {
        return LlamaFamilies.base(config)
                .attentionBiasByDefault(true)
                .norm(NormKind.LAYER_NORM, config.number("layer_norm_eps", 1e-5))
                .normBias(true)
                .activation(Activation.of(config, "hidden_act", "relu2"))
                .without(Slot.GATE)
                .bias(config.bool("mlp_bias", true), Slot.UP, Slot.DOWN);
    }
}
