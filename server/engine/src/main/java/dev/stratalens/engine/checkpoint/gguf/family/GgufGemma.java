package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.WINDOW;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.normedHeads;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.windows;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.EXPERTS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.ONE_ADDED;

import com.google.gson.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Gemma. From its third generation on, the converter leaves norms as they are. */
final class GgufGemma {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of(
            "gemma", facts -> gemma(),
            "gemma2", facts -> gemma2(),
            "gemma3", facts -> gemma3(),
            "gemma3n", facts -> gemma3n(),
            "gemma4", facts -> gemma4(facts));

    private static final String SPARSITY = "activation_sparsity_scale";
    private static final String SHARED = "attention.shared_kv_layers";

    /** How far above their mean gates lie of which 5 of 100 remain, in standard deviations. */
    private static final double OF_95_PERCENT = 1.6448536;

    private GgufGemma() {}

    private static GgufFamily gemma() {
        return llama().as("gemma").rearranged(ONE_ADDED, "output_norm", "attn_norm", "ffn_norm");
    }

    private static GgufFamily norms(GgufFamily family) {
        return family.key("final_logit_softcapping", "final_logit_softcapping")
                .block(
                        LAYER,
                        Map.of(
                                "post_attention_norm", "post_attention_layernorm",
                                "ffn_norm", "pre_feedforward_layernorm",
                                "post_ffw_norm", "post_feedforward_layernorm"));
    }

    private static GgufFamily gemma2() {
        return norms(GgufDense.window(gemma()))
                .as("gemma2")
                .derive("query_pre_attn_scalar", facts -> attentionScale(facts, 46))
                .key("attn_logit_softcapping", "attn_logit_softcapping")
                .rearranged(ONE_ADDED, "post_attention_norm", "post_ffw_norm");
    }

    private static GgufFamily gemma3() {
        return normedHeads(gemma2())
                .as("gemma3_text")
                .derive("query_pre_attn_scalar", facts -> attentionScale(facts, 62))
                .key(GgufRope.THETA_OF_WINDOWS, "rope_local_base_freq")
                .key(GgufConfig.PATTERN, "sliding_window_pattern")
                // Without a window, every block sees all keys, with the frequencies of such blocks.
                .derive(
                        "sliding_window_pattern",
                        facts -> facts.integer(WINDOW).filter(size -> size > 0).isPresent()
                                ? Optional.empty()
                                : Optional.of(1))
                .rearranged(ONE_ADDED, "attn_q_norm", "attn_k_norm");
    }

    /**
     * No key has the divisor of attention scores. In each generation it differs from the head size in one model, which
     * llama.cpp recognizes by its number of blocks.
     */
    private static Optional<Integer> attentionScale(GgufFacts facts, int oddBlocks) {
        return Optional.of(facts.blocks() == oddBlocks ? facts.hiddenSize() / facts.heads() : facts.headSize());
    }

    /** What Gemma 3n and 4 share: vectors of the token for each block, keys and values of earlier blocks. */
    private static GgufFamily layerInputs() {
        return windows(norms(normedHeads(llama())))
                .key(SHARED, "num_kv_shared_layers", 0)
                .key("embedding_length_per_layer_input", "hidden_size_per_layer_input", 0)
                .extent("vocab_size_per_layer_input", "per_layer_token_embd.weight", 0)
                .name("per_layer_token_embd", "model.embed_tokens_per_layer")
                .name("per_layer_model_proj", "model.per_layer_model_projection")
                .name("per_layer_proj_norm", "model.per_layer_projection_norm")
                .block(
                        LAYER,
                        Map.of(
                                "inp_gate", "per_layer_input_gate",
                                "proj", "per_layer_projection",
                                "post_norm", "post_per_layer_input_norm"));
    }

    private static GgufFamily gemma3n() {
        return layerInputs()
                .as("gemma3n_text")
                .key(GgufRope.THETA_OF_WINDOWS, "rope_local_base_freq")
                .key("altup.num_inputs", "altup_num_inputs")
                .key("altup.active_idx", "altup_active_idx")
                .accept(SPARSITY)
                .derive("activation_sparsity_pattern", GgufGemma::sparsity)
                .extent("laurel_rank", "blk.0.laurel_l.weight", 0)
                .presence("altup_correct_scale", "blk.0.altup_correct_scale.weight")
                .name("altup_proj", "model.altup_projections.{expert}")
                .name("altup_unembd_proj", "model.altup_unembed_projections.{expert}")
                .rearranged(EXPERTS, "altup_proj", "altup_unembd_proj")
                .name("blk.{}.altup_correct_scale.weight", LAYER + "altup.correct_output_scale")
                .block(
                        LAYER + "altup.",
                        Map.of(
                                "altup_correct_coef", "correction_coefs",
                                "altup_predict_coef", "prediction_coefs",
                                "altup_router", "modality_router",
                                "altup_router_norm", "router_norm"))
                .block(
                        LAYER + "laurel.",
                        Map.of(
                                "laurel_l", "linear_left",
                                "laurel_r", "linear_right",
                                "laurel_post_norm", "post_laurel_norm"));
    }

    /** The file has the bound that the share means; only two of them are in use. */
    private static Optional<JsonArray> sparsity(GgufFacts facts) {
        List<Double> bounds =
                facts.metadata().numbers(facts.prefix() + SPARSITY).orElseThrow(() -> facts.missing(SPARSITY));
        JsonArray shares = new JsonArray();
        for (double bound : bounds) {
            if (bound != Double.NEGATIVE_INFINITY && Math.abs(bound - OF_95_PERCENT) > 1e-5) {
                throw facts.invalid(
                        SPARSITY,
                        "has %s; allowed: -Infinity and %s. Use the model's original safetensors"
                                .formatted(bound, OF_95_PERCENT));
            }
            shares.add(bound > 0 ? 0.95 : 0);
        }
        return Optional.of(shares);
    }

    private static GgufFamily gemma4(GgufFacts facts) {
        return layerInputs()
                .as("gemma4_text")
                .key("attention.key_length", "global_head_dim")
                .key("attention.key_length_swa", "head_dim")
                .accept("attention.value_length_swa")
                .accept("rope.dimension_count_swa")
                .accept(GgufRope.THETA_OF_WINDOWS)
                .derive("rope_parameters", GgufRope::proportional)
                .with(facts.anyHas("blk.{}.attn_q.weight"), family -> keyValueHeads(family, facts))
                .derive("intermediate_size", GgufGemma::innerOfBlocks)
                .name("blk.{}.layer_output_scale.weight", LAYER + "layer_scalar")
                .with(facts.anyHas("blk.{}.ffn_gate_inp.weight"), GgufGemma::experts);
    }

    /** Where a block without a window has no product for values, they are the keys. */
    private static GgufFamily keyValueHeads(GgufFamily family, GgufFacts facts) {
        List<Integer> heads = facts.ofBlocks("attention.head_count_kv");
        List<Boolean> windowed =
                facts.flagsOfBlocks(GgufConfig.PATTERN).orElseThrow(() -> facts.missing(GgufConfig.PATTERN));
        int last = windowed.lastIndexOf(true);
        int full = windowed.lastIndexOf(false);
        int own = facts.blocks() - facts.integer(SHARED).orElse(0);
        boolean keysAreValues = IntStream.range(0, own)
                .anyMatch(block -> !windowed.get(block) && !facts.has("blk.%d.attn_v.weight".formatted(block)));
        return family.constant("num_key_value_heads", heads.get(last < 0 ? full : last))
                .constant("num_global_key_value_heads", heads.get(full < 0 ? last : full))
                .constant("attention_k_eq_v", keysAreValues);
    }

    /** A width for each block: some are twice as wide. */
    private static Optional<JsonArray> innerOfBlocks(GgufFacts facts) {
        JsonArray widths = new JsonArray();
        facts.ofBlocks("feed_forward_length").forEach(widths::add);
        return Optional.of(widths);
    }

    private static GgufFamily experts(GgufFamily family) {
        return family.key("expert_count", "num_local_experts")
                .key("expert_used_count", "top_k_experts")
                .key("expert_feed_forward_length", "moe_intermediate_size")
                .constant("enable_moe_block", true)
                .name("blk.{}.ffn_gate_inp.weight", LAYER + "router.proj.weight")
                .name("blk.{}.ffn_gate_inp.scale", LAYER + "router.scale")
                .name("blk.{}.ffn_down_exps.scale", LAYER + "router.per_expert_scale")
                .name("blk.{}.ffn_gate_up_exps.weight", LAYER + "experts.gate_up_proj")
                .name("blk.{}.ffn_down_exps.weight", LAYER + "experts.down_proj")
                .block(
                        LAYER,
                        Map.of(
                                "post_ffw_norm_1", "post_feedforward_layernorm_1",
                                "post_ffw_norm_2", "post_feedforward_layernorm_2",
                                "pre_ffw_norm_2", "pre_feedforward_layernorm_2"));
    }
}
