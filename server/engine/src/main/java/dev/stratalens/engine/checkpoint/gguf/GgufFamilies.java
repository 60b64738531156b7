package dev.stratalens.engine.checkpoint.gguf;

import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.BARE;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.EXPERTS;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.NONE;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.ONE_ADDED;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.PAIRED_ROWS;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.QUERIES_KEYS_VALUES;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.ROW;
import static dev.stratalens.engine.checkpoint.gguf.GgufRearrangement.TRANSPOSED;

import com.google.gson.JsonNull;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table of GGUF's architectures. Facts are those of transformers' GGUF reader and of llama.cpp's converter. */
final class GgufFamilies {

    private static final String EPSILON = "attention.layer_norm_epsilon";
    private static final String WINDOW = "attention.sliding_window";
    private static final String ROTATES = "rope.scaling.finetuned";
    private static final String QUERY_BIAS = "blk.0.attn_q.bias";
    private static final String UP_BIAS = "blk.0.ffn_up.bias";

    private static final Map<String, GgufFamily> ROWS = new TreeMap<>();

    static {
        GgufFamily llama = llama();
        GgufFamily paired = llama.rearranged(PAIRED_ROWS, "blk.{}.attn_q", "blk.{}.attn_k");
        ROWS.put("llama", paired);
        ROWS.put("granite", granite(paired));
        ROWS.put("smollm3", paired.as("smollm3"));
        ROWS.put("qwen2", llama.as("qwen2"));
        ROWS.put("qwen3", qwen3(llama));
        ROWS.put("qwen2moe", experts(llama).as("qwen2_moe"));
        ROWS.put("qwen3moe", experts(qwen3(llama)).as("qwen3_moe").constant("norm_topk_prob", true));
        ROWS.put("gemma", gemma(llama));
        ROWS.put("gemma2", gemma2(llama));
        ROWS.put("gemma3", gemma3(llama));
        ROWS.put("phi3", phi3(llama));
        ROWS.put("starcoder2", starcoder2(llama));
        ROWS.put("stablelm", stablelm(llama));
        ROWS.put("nemotron", nemotron(llama));
        ROWS.put("gpt-oss", gptOss(llama));
        ROWS.put("olmo2", olmo2(llama));
        ROWS.put("exaone4", exaone4(llama));
        ROWS.put("cohere2", cohere2(llama));
        ROWS.put("glm4", glm4(llama));
        ROWS.put("gpt2", gpt2());
        ROWS.put("bloom", bloom());
        ROWS.put("falcon", falcon());
    }

    private GgufFamilies() {}

    static Optional<GgufFamily> named(String architecture) {
        return Optional.ofNullable(ROWS.get(architecture));
    }

    static Set<String> names() {
        return new TreeSet<>(ROWS.keySet());
    }

    private static GgufFamily bare(String modelType) {
        return new GgufFamily(modelType, Map.of(), Map.of(), Map.of(), Map.of())
                .key("context_length", "max_position_embeddings")
                .key("block_count", "num_hidden_layers")
                .key("embedding_length", "hidden_size")
                .key("feed_forward_length", "intermediate_size")
                .key("attention.head_count", "num_attention_heads")
                .name("output", "lm_head");
    }

    private static GgufFamily llama() {
        return bare("llama")
                .key("attention.head_count_kv", "num_key_value_heads")
                .key("attention.layer_norm_rms_epsilon", "rms_norm_eps")
                .key("rope.freq_base", "rope_theta")
                .presence("attention_bias", QUERY_BIAS)
                .presence("mlp_bias", UP_BIAS)
                .name("token_embd", "model.embed_tokens")
                .name("output_norm", "model.norm")
                .name("blk.{}.attn_norm", "model.layers.{}.input_layernorm")
                .name("blk.{}.attn_q", "model.layers.{}.self_attn.q_proj")
                .name("blk.{}.attn_k", "model.layers.{}.self_attn.k_proj")
                .name("blk.{}.attn_v", "model.layers.{}.self_attn.v_proj")
                .name("blk.{}.attn_output", "model.layers.{}.self_attn.o_proj")
                .name("blk.{}.ffn_norm", "model.layers.{}.post_attention_layernorm")
                .name("blk.{}.ffn_gate", "model.layers.{}.mlp.gate_proj")
                .name("blk.{}.ffn_up", "model.layers.{}.mlp.up_proj")
                .name("blk.{}.ffn_down", "model.layers.{}.mlp.down_proj");
    }

    private static GgufFamily qwen3(GgufFamily llama) {
        return llama.as("qwen3")
                .name("blk.{}.attn_q_norm", "model.layers.{}.self_attn.q_norm")
                .name("blk.{}.attn_k_norm", "model.layers.{}.self_attn.k_norm");
    }

    private static GgufFamily experts(GgufFamily dense) {
        return dense.key("expert_count", "num_experts")
                .key("expert_used_count", "num_experts_per_tok")
                // Older files have these widths only in their tensors.
                .derive("moe_intermediate_size", facts -> facts.extent("blk.0.ffn_gate_exps.weight", 1))
                .derive("shared_expert_intermediate_size", facts -> facts.extent("blk.0.ffn_gate_shexp.weight", 0))
                .name("blk.{}.ffn_gate_inp", "model.layers.{}.mlp.gate")
                .name("blk.{}.ffn_gate_exps", "model.layers.{}.mlp.experts.{expert}.gate_proj")
                .name("blk.{}.ffn_up_exps", "model.layers.{}.mlp.experts.{expert}.up_proj")
                .name("blk.{}.ffn_down_exps", "model.layers.{}.mlp.experts.{expert}.down_proj")
                .name("blk.{}.ffn_gate_inp_shexp", "model.layers.{}.mlp.shared_expert_gate")
                .name("blk.{}.ffn_gate_shexp", "model.layers.{}.mlp.shared_expert.gate_proj")
                .name("blk.{}.ffn_up_shexp", "model.layers.{}.mlp.shared_expert.up_proj")
                .name("blk.{}.ffn_down_shexp", "model.layers.{}.mlp.shared_expert.down_proj")
                .rearranged(EXPERTS, "blk.{}.ffn_gate_exps", "blk.{}.ffn_up_exps", "blk.{}.ffn_down_exps")
                .rearranged(ROW, "blk.{}.ffn_gate_inp_shexp");
    }

    private static GgufFamily gemma(GgufFamily llama) {
        return llama.as("gemma").rearranged(ONE_ADDED, "output_norm", "blk.{}.attn_norm", "blk.{}.ffn_norm");
    }

    private static GgufFamily gemma2(GgufFamily llama) {
        return gemma(llama)
                .as("gemma2")
                .derive("query_pre_attn_scalar", facts -> attentionScale(facts, 46))
                .key(WINDOW, "sliding_window")
                .key("attn_logit_softcapping", "attn_logit_softcapping")
                .key("final_logit_softcapping", "final_logit_softcapping")
                .name("blk.{}.post_attention_norm", "model.layers.{}.post_attention_layernorm")
                .name("blk.{}.ffn_norm", "model.layers.{}.pre_feedforward_layernorm")
                .name("blk.{}.post_ffw_norm", "model.layers.{}.post_feedforward_layernorm")
                .rearranged(ONE_ADDED, "blk.{}.post_attention_norm", "blk.{}.post_ffw_norm");
    }

    private static GgufFamily gemma3(GgufFamily llama) {
        return gemma2(qwen3(llama))
                .as("gemma3_text")
                .derive("query_pre_attn_scalar", facts -> attentionScale(facts, 62))
                .key("rope.freq_base_swa", "rope_local_base_freq")
                .key(GgufConfig.PATTERN, "sliding_window_pattern")
                // Without a window, every block sees all keys, with the frequencies of such blocks.
                .derive(
                        "sliding_window_pattern",
                        facts -> facts.integer(WINDOW).filter(size -> size > 0).isPresent()
                                ? Optional.empty()
                                : Optional.of(1))
                .rearranged(ONE_ADDED, "blk.{}.attn_q_norm", "blk.{}.attn_k_norm");
    }

    /**
     * No key has the divisor of attention scores. In each generation it differs from the head size in one model, which
     * llama.cpp recognizes by its number of blocks.
     */
    private static Optional<Integer> attentionScale(GgufFacts facts, int oddBlocks) {
        return Optional.of(
                facts.count("block_count") == oddBlocks ? facts.hiddenSize() / facts.heads() : facts.headSize());
    }

    private static GgufFamily phi3(GgufFamily llama) {
        return llama.as("phi3")
                .key(WINDOW, "sliding_window")
                .name("blk.{}.attn_qkv", "model.layers.{}.self_attn.qkv_proj")
                .name("blk.{}.ffn_up", "model.layers.{}.mlp.gate_up_proj");
    }

    private static GgufFamily starcoder2(GgufFamily llama) {
        return llama.as("starcoder2")
                .key(EPSILON, "norm_epsilon")
                .presence("use_bias", QUERY_BIAS)
                .name("blk.{}.ffn_up", "model.layers.{}.mlp.c_fc")
                .name("blk.{}.ffn_down", "model.layers.{}.mlp.c_proj");
    }

    private static GgufFamily stablelm(GgufFamily llama) {
        return llama.as("stablelm")
                .key(EPSILON, "layer_norm_eps")
                .presence("use_qkv_bias", QUERY_BIAS)
                .derive("use_parallel_residual", facts -> Optional.of(!facts.has("blk.0.ffn_norm.weight")));
    }

    private static GgufFamily nemotron(GgufFamily llama) {
        return llama.as("nemotron")
                .key(EPSILON, "norm_eps")
                .rearranged(ONE_ADDED, "output_norm", "blk.{}.attn_norm", "blk.{}.ffn_norm");
    }

    private static GgufFamily granite(GgufFamily paired) {
        return paired.as("granite")
                .derive("attention_multiplier", facts -> Optional.of(scoreScale(facts)))
                .key("attention.scale", "attention_multiplier")
                .key("embedding_scale", "embedding_multiplier")
                .key("residual_scale", "residual_multiplier")
                .key("logit_scale", "logits_scaling");
    }

    /** Without the key, llama.cpp divides by the root of the head size, and transformers by nothing. */
    private static double scoreScale(GgufFacts facts) {
        if (!facts.metadata().bool(facts.prefix() + ROTATES).orElse(true)) {
            throw facts.invalid(
                    ROTATES, "is false, which here means no rotary embedding. Use the model's original safetensors");
        }
        return GgufConfig.decimal(facts.number("attention.scale").orElseThrow(() -> facts.missing("attention.scale")));
    }

    /** Its feed-forward is a mixture in every block. */
    private static GgufFamily gptOss(GgufFamily llama) {
        return llama.as("gpt_oss")
                .key("expert_count", "num_local_experts")
                .key("expert_used_count", "num_experts_per_tok")
                .derive("intermediate_size", facts -> facts.integer("expert_feed_forward_length"))
                .key(WINDOW, "sliding_window")
                .key(GgufConfig.PATTERN, "layer_types")
                .constant(HfConfig.EXPERTS_APART, true)
                .without("blk.{}.ffn_norm", "blk.{}.ffn_gate", "blk.{}.ffn_up", "blk.{}.ffn_down")
                .name("blk.{}.attn_sinks", "model.layers.{}.self_attn.sinks")
                .name("blk.{}.post_attention_norm", "model.layers.{}.post_attention_layernorm")
                .name("blk.{}.ffn_gate_inp", "model.layers.{}.mlp.router")
                .name("blk.{}.ffn_gate_exps", "model.layers.{}.mlp.experts.{expert}.gate_proj")
                .name("blk.{}.ffn_up_exps", "model.layers.{}.mlp.experts.{expert}.up_proj")
                .name("blk.{}.ffn_down_exps", "model.layers.{}.mlp.experts.{expert}.down_proj")
                .rearranged(EXPERTS, "blk.{}.ffn_gate_exps", "blk.{}.ffn_up_exps", "blk.{}.ffn_down_exps")
                .rearranged(BARE, "blk.{}.attn_sinks");
    }

    /** Files of OLMo 3 have the same architecture and a window, which is refused. */
    private static GgufFamily olmo2(GgufFamily llama) {
        return qwen3(llama)
                .as("olmo2")
                .without("blk.{}.attn_norm", "blk.{}.ffn_norm")
                .name("blk.{}.post_attention_norm", "model.layers.{}.post_attention_layernorm")
                .name("blk.{}.post_ffw_norm", "model.layers.{}.post_feedforward_layernorm");
    }

    private static GgufFamily exaone4(GgufFamily llama) {
        return olmo2(llama)
                .as("exaone4")
                .key(WINDOW, "sliding_window")
                .key(GgufConfig.PATTERN, "sliding_window_pattern")
                // A missing key means a window of the usual size to transformers.
                .derive(
                        "sliding_window",
                        facts -> facts.integer(WINDOW).filter(size -> size > 0).isPresent()
                                ? Optional.empty()
                                : Optional.of(JsonNull.INSTANCE));
    }

    private static GgufFamily cohere2(GgufFamily llama) {
        return llama.as("cohere2")
                .key(EPSILON, "layer_norm_eps")
                .key("logit_scale", "logit_scale")
                .key(WINDOW, "sliding_window")
                .key(GgufConfig.PATTERN, "sliding_window_pattern")
                .without("blk.{}.ffn_norm");
    }

    private static GgufFamily glm4(GgufFamily llama) {
        return llama.as("glm4")
                .name("blk.{}.post_attention_norm", "model.layers.{}.post_self_attn_layernorm")
                .name("blk.{}.post_ffw_norm", "model.layers.{}.post_mlp_layernorm")
                .name("blk.{}.ffn_up", "model.layers.{}.mlp.gate_up_proj")
                .without("blk.{}.ffn_gate");
    }

    private static GgufFamily gpt2() {
        return bare("gpt2")
                .key(EPSILON, "layer_norm_epsilon")
                .name("token_embd", "transformer.wte")
                .name("position_embd", "transformer.wpe")
                .name("output_norm", "transformer.ln_f")
                .name("blk.{}.attn_norm", "transformer.h.{}.ln_1")
                .name("blk.{}.attn_qkv", "transformer.h.{}.attn.c_attn")
                .name("blk.{}.attn_output", "transformer.h.{}.attn.c_proj")
                .name("blk.{}.ffn_norm", "transformer.h.{}.ln_2")
                .name("blk.{}.ffn_up", "transformer.h.{}.mlp.c_fc")
                .name("blk.{}.ffn_down", "transformer.h.{}.mlp.c_proj")
                .rearranged(TRANSPOSED, "blk.{}.attn_qkv", "blk.{}.attn_output", "blk.{}.ffn_up", "blk.{}.ffn_down");
    }

    private static GgufFamily bloom() {
        return bare("bloom")
                .key(EPSILON, "layer_norm_epsilon")
                .name("token_embd", "transformer.word_embeddings")
                .name("token_embd_norm", "transformer.word_embeddings_layernorm")
                .name("output_norm", "transformer.ln_f")
                .name("blk.{}.attn_norm", "transformer.h.{}.input_layernorm")
                .name("blk.{}.attn_qkv", "transformer.h.{}.self_attention.query_key_value")
                .name("blk.{}.attn_output", "transformer.h.{}.self_attention.dense")
                .name("blk.{}.ffn_norm", "transformer.h.{}.post_attention_layernorm")
                .name("blk.{}.ffn_up", "transformer.h.{}.mlp.dense_h_to_4h")
                .name("blk.{}.ffn_down", "transformer.h.{}.mlp.dense_4h_to_h")
                .rearranged(QUERIES_KEYS_VALUES, "blk.{}.attn_qkv");
    }

    /** The first generation, with one norm and one key-value head. Files of later generations have further tensors. */
    private static GgufFamily falcon() {
        return bloom().as("falcon")
                .key("rope.freq_base", "rope_theta")
                .derive("multi_query", GgufFamilies::oneKeyValueHead)
                .constant("parallel_attn", true)
                .constant("new_decoder_architecture", false)
                .constant("alibi", false)
                .constant("bias", false)
                .without("token_embd_norm", "blk.{}.ffn_norm")
                .rearranged(NONE, "blk.{}.attn_qkv");
    }

    private static Optional<Boolean> oneKeyValueHead(GgufFacts facts) {
        if (facts.keyValueHeads() != 1) {
            throw facts.invalid(
                    "attention.head_count_kv",
                    "is not 1, the value of the first generation. Use the model's original safetensors");
        }
        return Optional.of(true);
    }
}
