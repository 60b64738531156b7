package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.PAIRED_KEYS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.PAIRED_QUERIES;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Llama and its dense relatives with its norms. */
final class GgufDense {

    static final String EPSILON = "attention.layer_norm_epsilon";
    static final String WINDOW = "attention.sliding_window";
    static final String LAYER = "model.layers.{}.";
    /** Dimensions that turn with the place in an image; in a text, all turn alike. */
    static final String SECTIONS = "rope.dimension_sections";

    static final String QUERY_BIAS = "blk.0.attn_q.bias";

    private static final String ROTATES = "rope.scaling.finetuned";
    private static final String UP_BIAS = "blk.0.ffn_up.bias";

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.ofEntries(
            Map.entry("apertus", facts -> apertus()),
            Map.entry("arcee", facts -> paired().as("arcee").without("ffn_gate")),
            Map.entry("chatglm", facts -> glm().as("glm")),
            Map.entry("ernie4_5", facts -> llama().as("ernie4_5").presence("use_bias", QUERY_BIAS)),
            Map.entry("exaone4", facts -> exaone4()),
            Map.entry("glm4", facts -> glm4().with(facts.hasKey(SECTIONS), GgufDense::halved)),
            Map.entry("granite", facts -> granite(facts)),
            Map.entry("granite_swa", facts -> graniteWithWindows(facts)),
            Map.entry("hunyuan-dense", facts -> hunyuan(llama())),
            Map.entry("hunyuan_vl", facts -> hunyuan(llama()).accept(SECTIONS).with(GgufDense::alpha)),
            Map.entry(
                    "llama", facts -> facts.integer("expert_count").orElse(0) > 0 ? GgufMixtures.mixtral() : paired()),
            Map.entry("mistral3", facts -> mistral3()),
            Map.entry("olmo2", facts -> facts.integer(WINDOW).orElse(0) > 0 ? olmo3() : olmo2()),
            Map.entry("phi3", facts -> phi3()),
            Map.entry("qwen2", facts -> llama().as("qwen2")),
            Map.entry(
                    "paddleocr",
                    facts -> llama().as("paddleocr_vl")
                            .presence("use_bias", QUERY_BIAS)
                            .accept(SECTIONS)),
            Map.entry("qwen2vl", facts -> llama().as("qwen2").accept(SECTIONS)),
            Map.entry("qwen3", facts -> normedHeads(llama()).as("qwen3")),
            Map.entry(
                    "qwen3vl",
                    facts -> normedHeads(llama()).as("qwen3").accept(SECTIONS).accept("n_deepstack_layers")),
            Map.entry("seed_oss", facts -> seed()),
            Map.entry("smollm3", facts -> paired().as("smollm3")));

    private GgufDense() {}

    /** Keys of every decoder. */
    static GgufFamily bare(String modelType) {
        return GgufFamily.of(modelType)
                .key("context_length", "max_position_embeddings")
                .key("embedding_length", "hidden_size")
                .key("feed_forward_length", "intermediate_size")
                .key("attention.head_count", "num_attention_heads")
                .name("output", "lm_head");
    }

    /** Keys and names of Llama, with rows of queries and keys as transformers has them. */
    static GgufFamily llama() {
        return bare("llama")
                .key("attention.layer_norm_rms_epsilon", "rms_norm_eps")
                .key(GgufRope.THETA, "rope_theta")
                .presence("attention_bias", QUERY_BIAS)
                .presence("mlp_bias", UP_BIAS)
                .name("token_embd", "model.embed_tokens")
                .name("output_norm", "model.norm")
                .block(LAYER, Map.of("attn_norm", "input_layernorm", "ffn_norm", "post_attention_layernorm"))
                .block(LAYER + "self_attn.", ATTENTION)
                .block(LAYER + "mlp.", FEED_FORWARD);
    }

    static final Map<String, String> ATTENTION =
            Map.of("attn_q", "q_proj", "attn_k", "k_proj", "attn_v", "v_proj", "attn_output", "o_proj");
    static final Map<String, String> FEED_FORWARD =
            Map.of("ffn_gate", "gate_proj", "ffn_up", "up_proj", "ffn_down", "down_proj");

    /** Llama with rows of queries and keys in pairs. */
    static GgufFamily paired() {
        return paired(llama());
    }

    static GgufFamily paired(GgufFamily family) {
        return family.rearranged(PAIRED_QUERIES, "attn_q").rearranged(PAIRED_KEYS, "attn_k");
    }

    /** Norms of queries and keys. */
    static GgufFamily normedHeads(GgufFamily family) {
        return family.block(LAYER + "self_attn.", Map.of("attn_q_norm", "q_norm", "attn_k_norm", "k_norm"));
    }

    /** A window; a missing size, or 0, means none, also where transformers has one by default. */
    static GgufFamily window(GgufFamily family) {
        return family.accept(WINDOW).derive("sliding_window", facts -> {
            Optional<Integer> size = facts.integer(WINDOW).filter(some -> some > 0);
            return size.isPresent() ? size : Optional.of(JsonNull.INSTANCE);
        });
    }

    /** Kinds of blocks: flags, or every n-th without a window. */
    static GgufFamily windows(GgufFamily family) {
        return window(family).key(GgufConfig.PATTERN, "sliding_window_pattern");
    }

    private static GgufFamily apertus() {
        return normedHeads(llama())
                .as("apertus")
                .without("ffn_gate")
                .block(LAYER, Map.of("attn_norm", "attention_layernorm", "ffn_norm", "feedforward_layernorm"))
                .made(facts -> {
                    var made = new ArrayList<>(GgufJoin.ofKey(facts, "xielu.alpha_p", LAYER + "mlp.act_fn.alpha_p", 1));
                    made.addAll(GgufJoin.ofKey(facts, "xielu.alpha_n", LAYER + "mlp.act_fn.alpha_n", 1));
                    made.addAll(GgufJoin.ofKey(facts, "xielu.beta", LAYER + "mlp.act_fn.beta"));
                    made.addAll(GgufJoin.ofKey(facts, "xielu.eps", LAYER + "mlp.act_fn.eps"));
                    return made;
                });
    }

    private static GgufFamily phi3() {
        return window(llama())
                .as("phi3")
                .name("blk.{}.attn_qkv", LAYER + "self_attn.qkv_proj")
                .name("blk.{}.ffn_up", LAYER + "mlp.gate_up_proj");
    }

    static GgufFamily granite(GgufFacts facts) {
        if (!facts.metadata().bool(facts.prefix() + ROTATES).orElse(true)) {
            throw facts.invalid(
                    ROTATES, "is false, which here means no rotary embedding. Use the model's original safetensors");
        }
        return graniteFactors(paired().as("granite"), facts);
    }

    /** Without the key, llama.cpp divides scores by the root of the head size, and transformers by nothing. */
    static GgufFamily graniteFactors(GgufFamily family, GgufFacts facts) {
        if (!facts.hasKey("attention.scale")) {
            throw facts.missing("attention.scale");
        }
        return family.key("attention.scale", "attention_multiplier")
                .key("embedding_scale", "embedding_multiplier")
                .key("residual_scale", "residual_multiplier")
                .key("logit_scale", "logits_scaling");
    }

    private static GgufFamily graniteWithWindows(GgufFacts facts) {
        boolean mixture = facts.integer("expert_count").orElse(0) > 0;
        String experts = LAYER + "block_sparse_moe.";
        return windows(graniteFactors(paired(), facts))
                .as(mixture ? "granitemoe_swa" : "granite_swa")
                .accept("attention.rope_pattern")
                .derive("layer_rope_theta", GgufDense::bases)
                .name("blk.{}.attn_sinks.weight", LAYER + "self_attn.sinks")
                .with(
                        mixture,
                        family -> GgufMixtures.counts(family)
                                .key("expert_shared_feed_forward_length", "shared_intermediate_size")
                                .name("blk.{}.ffn_gate_inp", experts + "router.layer")
                                .name("blk.{}.ffn_gate_up_exps", experts + "input_linear")
                                .name("blk.{}.ffn_down_exps", experts + "output_linear")
                                .name("blk.{}.ffn_up_shexp", LAYER + "shared_mlp.input_linear")
                                .name("blk.{}.ffn_down_shexp", LAYER + "shared_mlp.output_linear"));
    }

    /** The base of each block; 0 for one that does not rotate. */
    private static Optional<JsonArray> bases(GgufFacts facts) {
        double theta = facts.number(GgufRope.THETA).orElse(10_000.0);
        return facts.flagsOfBlocks("attention.rope_pattern").map(flags -> {
            JsonArray bases = new JsonArray();
            flags.forEach(rotates -> bases.add(rotates ? theta : 0));
            return bases;
        });
    }

    /** Its base is already that of the longest prompt. */
    static GgufFamily hunyuan(GgufFamily llama) {
        return llama.as("hunyuan_v1_dense")
                .block(LAYER + "self_attn.", Map.of("attn_q_norm", "query_layernorm", "attn_k_norm", "key_layernorm"));
    }

    /** The base grows with a factor, which has no other name in transformers than that of a dynamic scaling. */
    private static GgufFamily alpha(GgufFamily family) {
        return family.accept("rope.scaling.alpha").derive("rope_parameters", facts -> {
            JsonObject rope = new GgufRope(facts).scaling();
            rope.addProperty(
                    "rope_theta",
                    GgufConfig.decimal(facts.number(GgufRope.THETA).orElse(10_000.0)));
            facts.number("rope.scaling.alpha").filter(alpha -> alpha > 0).ifPresent(alpha -> {
                rope.addProperty("rope_type", "dynamic");
                rope.addProperty("alpha", GgufConfig.decimal(alpha));
                rope.addProperty("factor", 1);
            });
            return Optional.of(rope);
        });
    }

    /** Queries grow with their position, if the file says how much. */
    private static GgufFamily mistral3() {
        return paired().as("ministral3")
                .accept("attention.temperature_scale")
                .accept(GgufRope.LOG_MULTIPLIER)
                .derive("rope_parameters", facts -> {
                    JsonObject rope = new GgufRope(facts).scaling();
                    rope.addProperty(
                            "rope_theta",
                            GgufConfig.decimal(facts.number(GgufRope.THETA).orElse(10_000.0)));
                    facts.number("attention.temperature_scale")
                            .ifPresent(growth -> rope.addProperty("llama_4_scaling_beta", GgufConfig.decimal(growth)));
                    facts.number(GgufRope.LOG_MULTIPLIER)
                            .filter(scale -> scale != 0)
                            .ifPresent(scale -> {
                                rope.addProperty("mscale", 1);
                                rope.addProperty("mscale_all_dim", GgufConfig.decimal(scale));
                            });
                    return Optional.of(rope);
                });
    }

    private static GgufFamily olmo2() {
        return normsBehind(normedHeads(llama())).as("olmo2");
    }

    /** Files of OLMo 3 say that they are of OLMo 2. Every fourth block has no window if the file does not say which. */
    private static GgufFamily olmo3() {
        return windows(olmo2())
                .as("olmo3")
                .accept(GgufRope.THETA_OF_WINDOWS)
                .derive("rope_parameters", GgufRope::byKind);
    }

    private static GgufFamily normsBehind(GgufFamily family) {
        return family.without("attn_norm", "ffn_norm")
                .block(
                        LAYER,
                        Map.of(
                                "post_attention_norm",
                                "post_attention_layernorm",
                                "post_ffw_norm",
                                "post_feedforward_layernorm"));
    }

    private static GgufFamily exaone4() {
        return windows(olmo2()).as("exaone4");
    }

    private static GgufFamily glm() {
        return llama().name("blk.{}.ffn_up", LAYER + "mlp.gate_up_proj").without("ffn_gate");
    }

    private static GgufFamily glm4() {
        return glm().as("glm4")
                .block(
                        LAYER,
                        Map.of(
                                "post_attention_norm",
                                "post_self_attn_layernorm",
                                "post_ffw_norm",
                                "post_mlp_layernorm"));
    }

    /** Models that see have rows of rotated dimensions in halves. */
    private static GgufFamily halved(GgufFamily family) {
        return family.accept(SECTIONS).rearranged(GgufRearrangement.ROTATED_HALVES, "attn_q", "attn_k");
    }

    private static GgufFamily seed() {
        return llama().as("seed_oss")
                .presence("attention_out_bias", "blk.0.attn_output.bias")
                .without("ffn_norm")
                .block(LAYER, Map.of("post_attention_norm", "post_attention_layernorm"));
    }
}
