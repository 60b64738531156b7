package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.normedHeads;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.DECAYS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.KERNELS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.ONE_ADDED;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The delta rule or lightning attention in most blocks, and attention in the others. */
final class GgufDelta {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of(
            "kimi-linear", facts -> kimi(),
            "minimax-01", facts -> miniMax(),
            "qwen35", facts -> qwen35(qwen()).as("qwen3_5_text"),
            "qwen35moe", facts -> qwen35(GgufMixtures.qwen(qwen())).as("qwen3_5_moe_text"),
            "qwen3next", facts -> qwenNext());

    private static final String FOLDER = LAYER + "linear_attn.";
    private static final String KEY_HEADS = "ssm.group_count";
    private static final String VALUE_HEADS = "ssm.time_step_rank";
    private static final String KEY_SIZE = "ssm.state_size";
    private static final String INNER = "ssm.inner_size";

    private GgufDelta() {}

    private static GgufFamily qwen() {
        return normedHeads(llama())
                .key("ssm.conv_kernel", "linear_conv_kernel_dim")
                .key(KEY_SIZE, "linear_key_head_dim")
                .key(KEY_HEADS, "linear_num_key_heads")
                .key(VALUE_HEADS, "linear_num_value_heads")
                .accept(INNER)
                .accept(GgufDense.SECTIONS)
                .derive("linear_value_head_dim", facts -> Optional.of(facts.count(INNER) / facts.count(VALUE_HEADS)))
                .key("full_attention_interval", "full_attention_interval", 4)
                .accept("attention.recurrent_layers")
                .derive(
                        "layer_types",
                        facts -> facts.flagsOfBlocks("attention.recurrent_layers")
                                .map(flags -> GgufConfig.kinds(flags, "linear_attention", "full_attention")))
                .without("ffn_norm")
                .name("blk.{}.post_attention_norm", LAYER + "post_attention_layernorm")
                .block(FOLDER, Map.of("ssm_out", "out_proj", "ssm_norm", "norm", "ssm_conv1d", "conv1d"))
                .name("blk.{}.ssm_a", FOLDER + "A_log")
                .name("blk.{}.ssm_dt.bias", FOLDER + "dt_bias")
                .rearranged(ONE_ADDED, "output_norm", "attn_norm", "post_attention_norm", "attn_q_norm", "attn_k_norm");
    }

    private static GgufFamily qwenNext() {
        return GgufMixtures.qwen(qwen())
                .as("qwen3_next")
                .constant("norm_topk_prob", true)
                .name("blk.{}.ssm_ba", FOLDER + "in_proj_ba")
                .rearranged(DECAYS, "ssm_a")
                .rearranged(KERNELS, "ssm_conv1d")
                .joined(new GgufJoin(
                        FOLDER + "in_proj_qkvz.weight",
                        List.of("attn_qkv.weight", "attn_gate.weight"),
                        (facts, tensors) -> Optional.of(heads(facts).besideKeys(tensors.get(0), tensors.get(1)))));
    }

    /** Value heads in the order in which those of a key head are apart. */
    private static GgufFamily qwen35(GgufFamily family) {
        return family.block(
                        FOLDER,
                        Map.of(
                                "attn_qkv", "in_proj_qkv",
                                "attn_gate", "in_proj_z",
                                "ssm_beta", "in_proj_b",
                                "ssm_alpha", "in_proj_a"))
                .rearranged((facts, tensor, name) -> heads(facts).behindKeys(tensor, name), "attn_qkv")
                .rearranged((facts, tensor, name) -> heads(facts).rows(tensor, name), "attn_gate")
                .rearranged(
                        (facts, tensor, name) -> heads(facts).single(tensor, name),
                        "ssm_beta",
                        "ssm_alpha",
                        "ssm_dt.bias")
                .rearranged((facts, tensor, name) -> heads(facts).decays(tensor, name), "ssm_a")
                .rearranged((facts, tensor, name) -> heads(facts).kernels(tensor, name), "ssm_conv1d")
                .rearranged((facts, tensor, name) -> heads(facts).columns(tensor, name), "ssm_out");
    }

    private static GgufValueHeads heads(GgufFacts facts) {
        return new GgufValueHeads(
                facts,
                facts.count(KEY_HEADS),
                facts.count(VALUE_HEADS),
                facts.count(KEY_SIZE),
                facts.count(INNER) / facts.count(VALUE_HEADS));
    }

    private static GgufFamily kimi() {
        return GgufMixtures.shared(
                        GgufMixtures.renamed(GgufLatent.heads(llama())), LAYER + "block_sparse_moe.shared_experts")
                .as("kimi_linear")
                .key(GgufMixtures.INNER, "moe_intermediate_size")
                .key("expert_shared_count", "num_shared_experts", 0)
                .key("expert_weights_scale", "routed_scaling_factor", 1.0)
                .key("expert_group_count", "num_expert_group", 1)
                .key("expert_group_used_count", "topk_group", 1)
                .key("leading_dense_block_count", "first_k_dense_replace", 0)
                .accept("expert_gating_func", 2L)
                .accept("expert_weights_norm", true)
                .accept("kda.head_dim")
                .accept("ssm.conv_kernel")
                .derive("linear_attn_config", GgufDelta::linear)
                .name("blk.{}.exp_probs_b.bias", LAYER + "block_sparse_moe.gate.e_score_correction_bias")
                .name("blk.{}.ssm_a", LAYER + "self_attn.A_log")
                .name("blk.{}.ssm_dt.bias", LAYER + "self_attn.dt_bias")
                .block(
                        LAYER + "self_attn.",
                        Map.of(
                                "ssm_beta", "b_proj",
                                "ssm_f_a", "f_a_proj",
                                "ssm_f_b", "f_b_proj",
                                "ssm_g_a", "g_a_proj",
                                "ssm_g_b", "g_b_proj",
                                "ssm_norm", "o_norm",
                                "ssm_conv1d_q", "q_conv1d",
                                "ssm_conv1d_k", "k_conv1d",
                                "ssm_conv1d_v", "v_conv1d"))
                .rearranged(KERNELS, "ssm_conv1d_q", "ssm_conv1d_k", "ssm_conv1d_v")
                .rearranged(
                        (facts, tensor, name) ->
                                DECAYS.undo(facts, tensor.shaped(new long[] {1, 1, tensor.elementCount(), 1}), name),
                        "ssm_a");
    }

    /** Blocks are counted from 1. */
    private static Optional<JsonObject> linear(GgufFacts facts) {
        List<Boolean> attending = facts.attending();
        JsonArray full = GgufConfig.numbers(
                IntStream.range(0, attending.size()).filter(attending::get).map(block -> block + 1));
        JsonObject linear = new JsonObject();
        linear.addProperty("head_dim", facts.count("kda.head_dim"));
        linear.addProperty("num_heads", facts.heads());
        linear.addProperty("short_conv_kernel_size", facts.count("ssm.conv_kernel"));
        linear.add("full_attn_layers", full);
        return Optional.of(linear);
    }

    /** The tensors tell the kind of a block. One factor of the stream for all branches, which themselves have none. */
    private static GgufFamily miniMax() {
        return GgufMixtures.renamed(llama())
                .as("minimax")
                .accept("residual_scale")
                .with(family -> alpha(family, "full_attn_alpha_factor"))
                .with(family -> alpha(family, "linear_attn_alpha_factor"))
                .with(family -> alpha(family, "mlp_alpha_factor"))
                .derive(
                        "layer_types",
                        facts -> Optional.of(GgufConfig.kinds(
                                IntStream.range(0, facts.blocks())
                                        .mapToObj(block -> facts.has("blk.%d.attn_gate.weight".formatted(block)))
                                        .toList(),
                                "linear_attention",
                                "full_attention")))
                .block(
                        LAYER + "self_attn.",
                        Map.of("attn_qkv", "qkv_proj", "attn_gate", "output_gate", "attn_norm_2", "norm"))
                .rearranged(
                        (facts, tensor, name) -> GgufRearrangement.NONE.undo(
                                facts,
                                tensor,
                                facts.has(tensor.name().replace("attn_output", "attn_gate"))
                                        ? name.replace("o_proj", "out_proj")
                                        : name),
                        "attn_output");
    }

    private static GgufFamily alpha(GgufFamily family, String key) {
        return family.derive(
                key,
                facts -> Optional.of(
                        GgufConfig.decimal(facts.number("residual_scale").orElse(1.0))));
    }
}
