package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.EPSILON;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.QUERY_BIAS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.bare;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.paired;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.windows;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.NONE;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.ONE_ADDED;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.QUERIES_KEYS_VALUES;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.TRANSPOSED;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Families with LayerNorm: GPT-2 and its followers, and relatives of Llama. */
final class GgufLayerNorm {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.ofEntries(
            Map.entry("bloom", facts -> bloom()),
            Map.entry("cohere2", facts -> windows(cohere()).as("cohere2")),
            Map.entry("command-r", facts -> commandR()),
            Map.entry("falcon", facts -> falcon(facts)),
            Map.entry("gpt2", facts -> gpt2()),
            Map.entry("gptneox", facts -> neoX()),
            Map.entry(
                    "jais2",
                    facts -> llama().as("jais2").key(EPSILON, "layer_norm_eps").without("ffn_gate")),
            Map.entry("mpt", facts -> mpt()),
            Map.entry("nemotron", facts -> nemotron()),
            Map.entry("olmo", facts -> olmo()),
            Map.entry("phi2", facts -> phi()),
            Map.entry("stablelm", facts -> stablelm()),
            Map.entry("starcoder", facts -> starcoder(facts)),
            Map.entry("starcoder2", facts -> starcoder2()));

    private static final String UP = "blk.0.ffn_up.weight";
    private static final String CLIP = "attention.clamp_kqv";

    private GgufLayerNorm() {}

    private static GgufFamily starcoder2() {
        return llama().as("starcoder2")
                .key(EPSILON, "norm_epsilon")
                .presence("use_bias", QUERY_BIAS)
                .block(LAYER + "mlp.", Map.of("ffn_up", "c_fc", "ffn_down", "c_proj"));
    }

    private static GgufFamily stablelm() {
        return llama().as("stablelm")
                .key(EPSILON, "layer_norm_eps")
                .presence("use_qkv_bias", QUERY_BIAS)
                .derive("use_parallel_residual", facts -> Optional.of(!facts.has("blk.0.ffn_norm.weight")));
    }

    private static GgufFamily nemotron() {
        return llama().as("nemotron")
                .key(EPSILON, "norm_eps")
                .rearranged(ONE_ADDED, "output_norm", "attn_norm", "ffn_norm");
    }

    private static GgufFamily cohere() {
        return llama().key(EPSILON, "layer_norm_eps")
                .key("logit_scale", "logit_scale")
                .without("ffn_norm");
    }

    private static GgufFamily commandR() {
        return GgufDense.normedHeads(cohere()).as("cohere").presence("use_qk_norm", "blk.0.attn_q_norm.weight");
    }

    /** Norms without weights, whose epsilon is fixed. */
    private static GgufFamily olmo() {
        return paired().as("olmo").key(CLIP, "clip_qkv").without("attn_norm", "ffn_norm");
    }

    /** Files say that the feed-forward is four times as wide as the stream, whether it is or not. */
    private static GgufFamily phi() {
        return llama().as("phi")
                .key(EPSILON, "layer_norm_eps")
                .extent("intermediate_size", UP, 0)
                .without("ffn_norm", "ffn_gate")
                .name("output_norm", "model.final_layernorm")
                .name("blk.{}.attn_output", LAYER + "self_attn.dense")
                .block(LAYER + "mlp.", Map.of("ffn_up", "fc1", "ffn_down", "fc2"));
    }

    /** Names of GPT-2 but for the attention. */
    private static GgufFamily gpt(String modelType) {
        return bare(modelType)
                .key(EPSILON, "layer_norm_epsilon")
                .extent("intermediate_size", UP, 0)
                .name("token_embd", "transformer.wte")
                .name("position_embd", "transformer.wpe")
                .name("output_norm", "transformer.ln_f")
                .block(
                        "transformer.h.{}.",
                        Map.of(
                                "attn_norm", "ln_1",
                                "attn_qkv", "attn.c_attn",
                                "attn_output", "attn.c_proj",
                                "ffn_norm", "ln_2",
                                "ffn_up", "mlp.c_fc",
                                "ffn_down", "mlp.c_proj"));
    }

    private static GgufFamily gpt2() {
        return gpt("gpt2").rearranged(TRANSPOSED, "attn_qkv", "attn_output", "ffn_up", "ffn_down");
    }

    private static GgufFamily starcoder(GgufFacts facts) {
        long rows = facts.extent("blk.0.attn_qkv.weight", 0).orElse(0L);
        if (rows != facts.hiddenSize() + 2L * facts.headSize()) {
            throw facts.invalid(
                    "attention.head_count_kv",
                    "is 1, but the keys are of several heads. Use the model's original safetensors");
        }
        return gpt("gpt_bigcode").constant("multi_query", true);
    }

    private static GgufFamily mpt() {
        return bare("mpt")
                .key(EPSILON, "layer_norm_epsilon")
                .accept("attention.max_alibi_bias", 8.0)
                .accept(CLIP)
                .derive(
                        "attn_config",
                        facts -> facts.number(CLIP).map(limit -> {
                            JsonObject attention = new JsonObject();
                            attention.addProperty("clip_qkv", GgufConfig.decimal(limit));
                            return attention;
                        }))
                .name("token_embd", "transformer.wte")
                .name("output_norm", "transformer.norm_f")
                .block(
                        "transformer.blocks.{}.",
                        Map.of(
                                "attn_norm", "norm_1",
                                "attn_qkv", "attn.Wqkv",
                                "attn_output", "attn.out_proj",
                                "ffn_norm", "norm_2",
                                "ffn_up", "ffn.up_proj",
                                "ffn_down", "ffn.down_proj"));
    }

    /** Files do not have the base of the rotation, which is 10,000. */
    private static GgufFamily neoX() {
        return bare("gpt_neox")
                .key(EPSILON, "layer_norm_eps")
                .key("use_parallel_residual", "use_parallel_residual")
                .presence("attention_bias", "blk.0.attn_qkv.bias")
                .name("token_embd", "gpt_neox.embed_in")
                .name("output_norm", "gpt_neox.final_layer_norm")
                .name("output", "embed_out")
                .block(
                        "gpt_neox.layers.{}.",
                        Map.of(
                                "attn_norm", "input_layernorm",
                                "attn_qkv", "attention.query_key_value",
                                "attn_output", "attention.dense",
                                "ffn_norm", "post_attention_layernorm",
                                "ffn_up", "mlp.dense_h_to_4h",
                                "ffn_down", "mlp.dense_4h_to_h"))
                .rearranged(QUERIES_KEYS_VALUES, "attn_qkv");
    }

    private static GgufFamily bloom() {
        return bare("bloom")
                .key(EPSILON, "layer_norm_epsilon")
                .name("token_embd", "transformer.word_embeddings")
                .name("token_embd_norm", "transformer.word_embeddings_layernorm")
                .name("output_norm", "transformer.ln_f")
                .block(
                        "transformer.h.{}.",
                        Map.of(
                                "attn_norm", "input_layernorm",
                                "attn_qkv", "self_attention.query_key_value",
                                "attn_output", "self_attention.dense",
                                "ffn_norm", "post_attention_layernorm",
                                "ffn_up", "mlp.dense_h_to_4h",
                                "ffn_down", "mlp.dense_4h_to_h"))
                .rearranged(QUERIES_KEYS_VALUES, "attn_qkv");
    }

    /** The first generation, with one norm and one key-value head. Files of later generations have further tensors. */
    private static GgufFamily falcon(GgufFacts facts) {
        if (facts.keyValueHeads() != 1) {
            throw facts.invalid(
                    "attention.head_count_kv",
                    "is not 1, the value of the first generation. Use the model's original safetensors");
        }
        return bloom().as("falcon")
                .key(GgufRope.THETA, "rope_theta")
                .extent("intermediate_size", UP, 0)
                .constant("multi_query", true)
                .constant("parallel_attn", true)
                .constant("new_decoder_architecture", false)
                .constant("alibi", false)
                .constant("bias", false)
                .without("ffn_norm")
                .rearranged(NONE, "attn_qkv");
    }
}
