package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.QUERY_BIAS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.normedHeads;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.windows;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufMixtures.INNER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufMixtures.SHARED_INNER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufMixtures.experts;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufMixtures.shared;

import com.google.gson.JsonArray;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Mixtures whose experts are chosen by sigmoids with a correction. */
final class GgufSigmoids {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of(
            "afmoe", facts -> afmoe(),
            "dots1", facts -> dots(),
            "exaone-moe", facts -> exaone(),
            "glm4moe", facts -> glm(),
            "hy_v3", facts -> hunyuan3(),
            "laguna", facts -> laguna(),
            "minimax-m2", facts -> minimax2());

    private static final String SCALE = "expert_weights_scale";
    private static final String CORRECTION = "blk.{}.exp_probs_b.bias";
    private static final String GATE = "expert_gating_func";

    private GgufSigmoids() {}

    /** DeepSeek's keys of groups, weights and dense blocks. */
    static GgufFamily grouped(GgufFamily family) {
        return shared(experts(family), LAYER + "mlp.shared_experts")
                .key(INNER, "moe_intermediate_size")
                .key("expert_group_count", "n_group", 1)
                .key("expert_group_used_count", "topk_group", 1)
                .key("expert_weights_norm", "norm_topk_prob", false)
                .key(SCALE, "routed_scaling_factor", 1.0)
                .key("leading_dense_block_count", "first_k_dense_replace", 0)
                .key("expert_shared_count", "n_shared_experts", 0)
                .accept(GATE, 2L)
                .name(CORRECTION, LAYER + "mlp.gate.e_score_correction_bias");
    }

    private static GgufFamily dots() {
        return normedHeads(grouped(llama())).as("dots1");
    }

    private static GgufFamily glm() {
        return normedHeads(grouped(llama()))
                .as("glm4_moe")
                .accept(GgufDense.SECTIONS)
                .presence("use_qk_norm", "blk.0.attn_q_norm.weight")
                .presence("attention_bias", QUERY_BIAS)
                .without("ffn_norm")
                .block(LAYER, Map.of("post_attention_norm", "post_attention_layernorm"));
    }

    private static GgufFamily exaone() {
        return normedHeads(windows(grouped(llama())))
                .as("exaone_moe")
                .key("expert_shared_count", "num_shared_experts", 0)
                .name(CORRECTION, LAYER + "mlp.e_score_correction_bias");
    }

    /** The embedding is scaled by the root of its width. */
    private static GgufFamily afmoe() {
        return shared(experts(windows(normedHeads(llama()))), LAYER + "mlp.shared_experts")
                .as("afmoe")
                .key(INNER, "moe_intermediate_size")
                .key("expert_shared_count", "num_shared_experts", 0)
                .key("leading_dense_block_count", "num_dense_layers", 0)
                .key(SCALE, "route_scale", 1.0)
                .accept("expert_weights_norm")
                .accept(GATE, 2L)
                .constant("mup_enabled", true)
                .name(CORRECTION, LAYER + "mlp.expert_bias")
                .block(
                        LAYER,
                        Map.of(
                                "ffn_gate_inp", "mlp.router.gate",
                                "attn_gate", "self_attn.gate_proj",
                                "post_attention_norm", "post_attention_layernorm",
                                "ffn_norm", "pre_mlp_layernorm",
                                "post_ffw_norm", "post_mlp_layernorm"));
    }

    private static GgufFamily hunyuan3() {
        return shared(experts(normedHeads(llama())), LAYER + "mlp.shared_mlp")
                .as("hy_v3")
                .key(INNER, "moe_intermediate_size")
                .key(SCALE, "router_scaling_factor", 1.0)
                .accept("expert_weights_norm", true)
                .accept(GATE, 2L)
                .derive(
                        "num_shared_experts",
                        facts -> facts.integer(SHARED_INNER).map(shared -> shared / facts.count(INNER)))
                .derive("mlp_layer_types", facts -> Optional.of(sparse(facts)))
                .name("blk.{}.exp_probs_b", LAYER + "mlp.expert_bias")
                .name("blk.{}.ffn_gate_inp", LAYER + "mlp.router.gate");
    }

    /** Blocks with experts, by their routers. */
    static JsonArray sparse(GgufFacts facts) {
        JsonArray kinds = new JsonArray();
        for (int block = 0; block < facts.blocks(); block++) {
            kinds.add(facts.has("blk.%d.ffn_gate_inp.weight".formatted(block)) ? "sparse" : "dense");
        }
        return kinds;
    }

    /** Blocks may have heads of their own number; those with a window rotate in another way. */
    private static GgufFamily laguna() {
        return shared(experts(windows(normedHeads(llama()))), LAYER + "mlp.shared_expert")
                .as("laguna")
                .key(INNER, "moe_intermediate_size")
                .key(SHARED_INNER, "shared_expert_intermediate_size")
                .key(SCALE, "moe_routed_scaling_factor", 1.0)
                .accept("expert_weights_norm", true)
                .accept(GATE, 2L)
                .accept("leading_dense_block_count")
                .accept(GgufRope.THETA_OF_WINDOWS)
                .accept("rope.dimension_count_swa")
                .derive("num_attention_heads", facts -> Optional.of(facts.heads()))
                .derive(
                        "num_attention_heads_per_layer",
                        facts -> Optional.of(GgufConfig.numbers(
                                facts.ofBlocks("attention.head_count").stream().mapToInt(Integer::intValue))))
                .derive("mlp_layer_types", facts -> Optional.of(sparse(facts)))
                .derive(
                        "layer_types",
                        facts -> Optional.of(GgufConfig.kinds(
                                facts.flagsOfBlocks(GgufConfig.PATTERN)
                                        .orElseGet(() -> GgufConfig.everyButFirstOf(4, facts)),
                                "sliding_attention",
                                "full_attention")))
                .derive("rope_parameters", GgufRope::byKind)
                .derive(
                        "gating",
                        facts -> facts.extent("blk.0.attn_gate.weight", 0)
                                .map(rows -> rows > facts.heads() ? "per-element" : "per-head"))
                .name(CORRECTION, LAYER + "mlp.experts.e_score_correction_bias")
                .name("blk.{}.attn_gate", LAYER + "self_attn.g_proj");
    }

    private static GgufFamily minimax2() {
        return GgufMixtures.renamed(normedHeads(llama()))
                .as("minimax_m2")
                .key("rope.dimension_count", "rotary_dim")
                .derive("intermediate_size", facts -> facts.integer(INNER))
                .accept(GATE, 2L)
                .name(CORRECTION, LAYER + "block_sparse_moe.e_score_correction_bias");
    }
}
