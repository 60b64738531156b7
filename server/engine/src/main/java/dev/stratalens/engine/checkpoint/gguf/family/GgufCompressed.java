package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufMixtures.INNER;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** DeepSeek-V4, whose tensors have the names of its own files, not those of transformers. */
final class GgufCompressed {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of("deepseek4", facts -> deepseek());

    private static final String LAYER = "layers.{}.";
    private static final String EXPERTS = LAYER + "ffn.experts.{expert}.";
    private static final String LIMIT = "swiglu_clamp_exp";
    private static final String SHARED_LIMIT = "swiglu_clamp_shexp";

    /** Scoring by the roots of softplus in the file's numbers. */
    private static final long ROOTS_OF_SOFTPLUS = 4;

    private GgufCompressed() {}

    private static GgufFamily deepseek() {
        return keys(GgufDense.bare("deepseek_v4"))
                .name("token_embd", "embed")
                .name("output", "head")
                .name("output_norm", "norm")
                .name("output_hc_fn.weight", "hc_head_fn")
                .name("output_hc_scale.weight", "hc_head_scale")
                .name("output_hc_base.weight", "hc_head_base")
                .block(LAYER, Map.of("attn_norm", "attn_norm", "ffn_norm", "ffn_norm"))
                .with(family -> connection(family, "hc_attn"))
                .with(family -> connection(family, "hc_ffn"))
                .with(GgufCompressed::attention)
                .with(family -> entries(family, "attn_compressor", "attn.compressor."))
                .with(family -> entries(family, "indexer_compressor", "attn.indexer.compressor."))
                .with(GgufCompressed::experts);
    }

    private static GgufFamily keys(GgufFamily family) {
        return family.key("attention.layer_norm_rms_epsilon", "rms_norm_eps")
                .key(GgufRope.THETA, "rope_theta")
                .key("attention.compress_rope_freq_base", "compress_rope_theta")
                .key("attention.compress_ratios", "compress_ratios")
                .key("attention.q_lora_rank", "q_lora_rank")
                .key("attention.output_group_count", "o_groups")
                .key("attention.output_lora_rank", "o_lora_rank")
                .key(GgufDense.WINDOW, "sliding_window")
                .key("attention.indexer.head_count", "index_n_heads")
                .key("attention.indexer.key_length", "index_head_dim")
                .key("attention.indexer.top_k", "index_topk")
                .key("hyper_connection.count", "hc_mult")
                .key("hyper_connection.sinkhorn_iterations", "hc_sinkhorn_iters")
                .key("hyper_connection.epsilon", "hc_eps")
                .key("hash_layer_count", "num_hash_layers", 0)
                .accept("embedding_length_out");
    }

    private static GgufFamily connection(GgufFamily family, String name) {
        String module = "blk.{}." + name;
        return family.name(module + "_fn.weight", LAYER + name + "_fn")
                .name(module + "_scale.weight", LAYER + name + "_scale")
                .name(module + "_base.weight", LAYER + name + "_base");
    }

    private static GgufFamily attention(GgufFamily family) {
        return family.name("blk.{}.attn_sinks.weight", LAYER + "attn.attn_sink")
                .block(
                        LAYER + "attn.",
                        Map.of(
                                "attn_q_a", "wq_a",
                                "attn_q_a_norm", "q_norm",
                                "attn_q_b", "wq_b",
                                "attn_kv", "wkv",
                                "attn_kv_a_norm", "kv_norm",
                                "attn_output_a", "wo_a",
                                "attn_output_b", "wo_b",
                                "indexer.attn_q_b", "indexer.wq_b",
                                "indexer.proj", "indexer.weights_proj"));
    }

    private static GgufFamily entries(GgufFamily family, String module, String folder) {
        return family.name("blk.{}." + module + "_ape.weight", LAYER + folder + "ape")
                .block(
                        LAYER + folder,
                        Map.of(module + "_kv", "wkv", module + "_gate", "wgate", module + "_norm", "norm"));
    }

    private static GgufFamily experts(GgufFamily family) {
        return GgufMixtures.experts(family, EXPERTS, Map.of("ffn_gate", "w1", "ffn_up", "w3", "ffn_down", "w2"))
                .key("expert_count", "n_routed_experts")
                .key(INNER, "moe_intermediate_size")
                .key("expert_weights_scale", "routed_scaling_factor", 1.0)
                .key("expert_shared_count", "n_shared_experts")
                .accept("expert_gating_func", ROOTS_OF_SOFTPLUS)
                .accept(LIMIT)
                .accept(SHARED_LIMIT)
                .derive("swiglu_limit", GgufCompressed::limit)
                .block(
                        LAYER + "ffn.",
                        Map.of(
                                "ffn_gate_inp", "gate",
                                "ffn_gate_shexp", "shared_experts.w1",
                                "ffn_up_shexp", "shared_experts.w3",
                                "ffn_down_shexp", "shared_experts.w2"))
                .name("blk.{}.exp_probs_b.bias", LAYER + "ffn.gate.bias")
                .name("blk.{}.ffn_gate_tid2eid.weight", LAYER + "ffn.gate.tid2eid");
    }

    /** One number for all blocks, and for the expert of all tokens. */
    private static Optional<Double> limit(GgufFacts facts) {
        List<Double> limits = facts.metadata().numbers(facts.prefix() + LIMIT).orElseThrow(() -> facts.missing(LIMIT));
        var different = new HashSet<>(limits);
        facts.metadata().numbers(facts.prefix() + SHARED_LIMIT).ifPresent(different::addAll);
        if (different.size() != 1) {
            throw facts.invalid(LIMIT, "has several limits; allowed: one. Use the model's original safetensors");
        }
        return Optional.of(GgufConfig.decimal(limits.get(0)));
    }
}
