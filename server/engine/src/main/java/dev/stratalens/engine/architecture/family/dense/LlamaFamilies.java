package dev.stratalens.engine.architecture.family.dense;

import static dev.stratalens.engine.architecture.family.key.Reading.theta;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** Llama and its nearest relatives: RMSNorm, rotary halves, grouped key-value heads, gated feed-forward. */
public final class LlamaFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.ofEntries(
            Map.entry("apertus", LlamaFamilies::apertus),
            Map.entry("cwm", LlamaFamilies::cwm),
            Map.entry("ernie4_5", LlamaFamilies::ernie),
            Map.entry("glm", LlamaFamilies::glm),
            Map.entry("glm4", LlamaFamilies::glm4),
            Map.entry("helium", LlamaFamilies::helium),
            Map.entry("hunyuan_v1_dense", LlamaFamilies::hunyuan),
            Map.entry("internlm3", LlamaFamilies::internlm3),
            Map.entry("iquestcoder", LlamaFamilies::iquestcoder),
            Map.entry("llama", LlamaFamilies::llama),
            Map.entry("phi3", LlamaFamilies::phi3),
            Map.entry("seed_oss", LlamaFamilies::seed),
            Map.entry("smollm3", LlamaFamilies::smollm3));

    private LlamaFamilies() {}

    /** The common base, without biases. */
    public static ArchitectureBuilder base(HfConfig config) {
        return named(config, Extents.of(config, 2048));
    }

    /** The same with given extents. */
    public static ArchitectureBuilder named(HfConfig config, Extents extents) {
        return new ArchitectureBuilder(config, extents)
                .prefixes("model.")
                .norm(NormKind.RMS_NORM, config.number("rms_norm_eps", 1e-6))
                .activation(Activation.of(config, "hidden_act", "silu"))
                .rotary(block -> Optional.of(RopeParameters.of(config, RopeParameters.Defaults.USUAL)))
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

    /** With Llama's own keys for biases. */
    public static ArchitectureBuilder llama(HfConfig config) {
        return base(config).attentionBiasByDefault(false).bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD);
    }

    /** Norms on the heads of queries and keys. */
    public static ArchitectureBuilder normedHeads(ArchitectureBuilder builder) {
        return builder.queryKeyNorm(QueryKeyNorm.EACH_HEAD, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm");
    }

    private static ArchitectureBuilder internlm3(HfConfig config) {
        boolean biased = config.bool("qkv_bias", config.bool("attention_bias", false));
        return wideHeads(base(config), 2)
                .bias(biased, Slot.QUERY_KEY_VALUE)
                .bias(biased, Slot.ATTENTION_OUTPUT)
                .bias(config.bool("bias", config.bool("mlp_bias", false)), Slot.FEED_FORWARD);
    }

    private static ArchitectureBuilder iquestcoder(HfConfig config) {
        Reading.refuse(config, "use_sliding_window", true);
        if (config.has("clip_qkv")) {
            throw config.unsupported("clip_qkv", config.number("clip_qkv"), "null");
        }
        return wideHeads(llama(config), 8);
    }

    /** Scaled by default. */
    private static ArchitectureBuilder cwm(HfConfig config) {
        Reading.refuse(config, "attention_bias", true);
        return wideHeads(llama(config), 8)
                .rotary(
                        Reading.namesRope(config)
                                ? theta(config, 1_000_000)
                                : new RopeParameters(1_000_000, 1, new RopeScaling.Llama3(16, 1, 4, 8192)))
                .window(Windows.of(config, Windows.size(config, 8192), block -> block % 4 != 0));
    }

    private static ArchitectureBuilder wideHeads(ArchitectureBuilder builder, int keyValueHeads) {
        return builder.keyValueHeadsByDefault(keyValueHeads)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5);
    }

    private static ArchitectureBuilder seed(HfConfig config) {
        return base(config)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .bias(config.bool("attention_bias", true), Slot.QUERY_KEY_VALUE)
                .bias(config.bool("attention_out_bias", false), Slot.ATTENTION_OUTPUT)
                .bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD);
    }

    private static ArchitectureBuilder apertus(HfConfig config) {
        ArchitectureBuilder builder = base(config)
                .attentionBiasByDefault(false)
                .with(LlamaFamilies::normedHeads)
                .epsilonByDefault(1e-5)
                .activation(Activation.of(config, "hidden_act", "xielu"))
                .norm(Slot.ATTENTION_NORM, "layers.{}.attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.feedforward_layernorm")
                .rotary(block -> Optional.of(Reading.ropeOrApertus(config)))
                .without(Slot.GATE);
        for (String number : new String[] {"alpha_p", "alpha_n"}) {
            builder.blockTensor("activation." + number, WeightSource.whole("layers.{}.mlp.act_fn." + number, 1L));
        }
        for (String number : new String[] {"beta", "eps"}) {
            builder.blockTensor("activation." + number, WeightSource.whole("layers.{}.mlp.act_fn." + number));
        }
        return builder;
    }

    public static ArchitectureBuilder ernie(HfConfig config) {
        return base(config)
                .keyValueHeadsByDefault(2)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(block -> Optional.of(theta(config, 500_000)))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .tiedByDefault(true)
                .bias(config.bool("use_bias", false), Slot.PRODUCTS);
    }

    private static ArchitectureBuilder helium(HfConfig config) {
        return base(config)
                .keyValueHeadsByDefault(20)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-8)
                .rotary(block -> Optional.of(theta(config, 100_000)))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .bias(config.bool("attention_bias", false), Slot.QUERY_KEY_VALUE)
                .bias(config.bool("mlp_bias", false), Slot.FEED_FORWARD);
    }

    public static ArchitectureBuilder hunyuan(HfConfig config) {
        return base(config)
                .attentionBiasByDefault(false)
                .epsilonByDefault(1e-5)
                .queryKeyNorm(
                        QueryKeyNorm.EACH_ROTATED_HEAD,
                        "layers.{}.self_attn.query_layernorm",
                        "layers.{}.self_attn.key_layernorm");
    }

    private static ArchitectureBuilder smollm3(HfConfig config) {
        IntPredicate rotates = Reading.rotatingBlocks(config);
        RopeParameters rope = theta(config, 2_000_000);
        return llama(config)
                .keyValueHeadsByDefault(4)
                .tiedByDefault(true)
                .rotary(block -> rotates.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(
                        config, config.bool("use_sliding_window", false) ? Windows.size(config) : 0, rotates.negate()));
    }

    private static ArchitectureBuilder glm(HfConfig config) {
        return base(config)
                .keyValueHeadsByDefault(2)
                .headSizeByDefault(128)
                .epsilonByDefault(1.5625e-7)
                .rotary(block -> Optional.of(RopeParameters.of(config, RopeParameters.Defaults.partial(0.5))))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .bias(config.bool("attention_bias", true), Slot.QUERY_KEY_VALUE)
                .fused("layers.{}.mlp.gate_up_proj", 1, Slot.GATE, Slot.UP);
    }

    public static ArchitectureBuilder glm4(HfConfig config) {
        return glm(config)
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_self_attn_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_mlp_layernorm");
    }

    public static ArchitectureBuilder phi3(HfConfig config) {
        return base(config)
                .epsilonByDefault(1e-5)
                .fused("layers.{}.self_attn.qkv_proj", 1, Slot.QUERY_KEY_VALUE)
                .fused("layers.{}.mlp.gate_up_proj", 1, Slot.GATE, Slot.UP)
                .window(Windows.everywhere(config));
    }
}
