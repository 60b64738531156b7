package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.bare;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.normedHeads;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.paired;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.DECAYS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.KERNELS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.VECTOR;

import com.google.gson.JsonArray;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** State spaces and short convolutions, alone or with attention. */
final class GgufStates {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of(
            "falcon-h1", facts -> falcon(),
            "granitehybrid", facts -> facts.hasKey("attention.scale") ? granite(facts) : bamba(),
            "jamba", facts -> jamba(),
            "lfm2", facts -> lfm2(),
            "lfm2moe", facts -> lfm2Mixture(),
            "mamba", facts -> mamba(facts),
            "mamba2", facts -> mamba2(),
            "nemotron_h", facts -> nemotron(),
            "nemotron_h_moe", facts -> nemotronMixture());

    private static final String INNER = "ssm.inner_size";
    private static final String HEADS = "ssm.time_step_rank";
    private static final String EPSILON = "attention.layer_norm_rms_epsilon";

    private GgufStates() {}

    /** The tensors of a state space. */
    private static GgufFamily states(GgufFamily family, String folder) {
        return family.block(folder, Map.of("ssm_in", "in_proj", "ssm_out", "out_proj", "ssm_conv1d", "conv1d"))
                .name("blk.{}.ssm_a", folder + "A_log")
                .name("blk.{}.ssm_d", folder + "D")
                .rearranged(DECAYS, "ssm_a")
                .rearranged(KERNELS, "ssm_conv1d");
    }

    private static GgufFamily mamba1(GgufFamily family, String folder) {
        return states(family, folder).block(folder, Map.of("ssm_dt", "dt_proj", "ssm_x", "x_proj"));
    }

    private static GgufFamily states2(GgufFamily family, String folder) {
        return states(family, folder)
                .name("blk.{}.ssm_dt.bias", folder + "dt_bias")
                .name("blk.{}.ssm_norm", folder + "norm")
                .rearranged(VECTOR, "ssm_d", "ssm_norm");
    }

    private static Optional<Integer> expansion(GgufFacts facts) {
        return Optional.of(facts.count(INNER) / facts.hiddenSize());
    }

    private static Optional<Integer> stateHeadSize(GgufFacts facts) {
        return Optional.of(facts.count(INNER) / facts.count(HEADS));
    }

    private static GgufFamily alone(String modelType) {
        return bare(modelType)
                .key(EPSILON, "layer_norm_epsilon")
                .key("ssm.conv_kernel", "conv_kernel")
                .key("ssm.state_size", "state_size")
                .accept(INNER)
                .derive("expand", GgufStates::expansion)
                .presence("use_conv_bias", "blk.0.ssm_conv1d.bias")
                .presence("use_bias", "blk.0.ssm_in.bias")
                .name("token_embd", "backbone.embeddings")
                .name("output_norm", "backbone.norm_f")
                .name("blk.{}.attn_norm", "backbone.layers.{}.norm");
    }

    /** Files of Falcon Mamba say that they are of Mamba. */
    private static GgufFamily mamba(GgufFacts facts) {
        boolean normed =
                facts.metadata().bool(facts.prefix() + "ssm.dt_b_c_rms").orElse(false);
        return mamba1(alone(normed ? "falcon_mamba" : "mamba"), "backbone.layers.{}.mixer.")
                .key(HEADS, "time_step_rank")
                .accept("ssm.dt_b_c_rms");
    }

    private static GgufFamily mamba2() {
        return states2(alone("mamba2"), "backbone.layers.{}.mixer.")
                .key(HEADS, "num_heads")
                .key("ssm.group_count", "n_groups")
                .derive("head_dim", GgufStates::stateHeadSize);
    }

    /** Names of the parts behind the mixer in Jamba, Bamba and Falcon-H1. */
    private static GgufFamily feedForwardBehind(GgufFamily family) {
        return family.name("output_norm", "model.final_layernorm")
                .name("blk.{}.ffn_norm", LAYER + "pre_ff_layernorm")
                .block(LAYER + "feed_forward.", GgufDense.FEED_FORWARD);
    }

    private static GgufFamily jamba() {
        return feedForwardBehind(GgufMixtures.experts(
                        mamba1(llama(), LAYER + "mamba."),
                        LAYER + "feed_forward.experts.{expert}.",
                        GgufDense.FEED_FORWARD))
                .as("jamba")
                .key("ssm.conv_kernel", "mamba_d_conv")
                .key("ssm.state_size", "mamba_d_state")
                .key(HEADS, "mamba_dt_rank")
                .key("expert_count", "num_local_experts", 1)
                .accept(INNER)
                .derive("mamba_expand", GgufStates::expansion)
                .presence("mamba_conv_bias", "blk.{}.ssm_conv1d.bias")
                .presence("mamba_proj_bias", "blk.{}.ssm_in.bias")
                .with(family -> every(family, "attn_layer", GgufFacts::attending, "attention.head_count_kv"))
                .with(family -> every(family, "expert_layer", GgufStates::routing, "expert_count"))
                .name("blk.{}.ffn_gate_inp", LAYER + "feed_forward.router")
                .block(
                        LAYER + "mamba.",
                        Map.of(
                                "ssm_dt_norm", "dt_layernorm",
                                "ssm_b_norm", "b_layernorm",
                                "ssm_c_norm", "c_layernorm"));
    }

    private static List<Boolean> routing(GgufFacts facts) {
        return IntStream.range(0, facts.blocks())
                .mapToObj(block -> facts.has("blk.%d.ffn_gate_inp.weight".formatted(block)))
                .toList();
    }

    /** Blocks as a period and the first of them, which is all that the configuration can say. */
    private static GgufFamily every(
            GgufFamily family, String name, Function<GgufFacts, List<Boolean>> flags, String source) {
        return family.derive(name + "_period", facts -> Optional.of(period(flags.apply(facts), facts, source)))
                .derive(name + "_offset", facts -> {
                    List<Boolean> blocks = flags.apply(facts);
                    int first = blocks.indexOf(true);
                    return Optional.of(first < 0 ? blocks.size() : first);
                });
    }

    private static int period(List<Boolean> blocks, GgufFacts facts, String source) {
        int first = blocks.indexOf(true);
        return IntStream.rangeClosed(Math.max(first, 0) + 1, blocks.size() + 1)
                .filter(period -> IntStream.range(0, blocks.size())
                        .allMatch(block -> blocks.get(block) == (first >= 0 && block % period == first)))
                .findFirst()
                .orElseThrow(() -> facts.invalid(source, "has no period. Use the model's original safetensors"));
    }

    /** The keys of hybrids of Llama. */
    private static GgufFamily stateKeys(GgufFamily family) {
        return family.key("ssm.conv_kernel", "mamba_d_conv")
                .key("ssm.state_size", "mamba_d_state")
                .key("ssm.group_count", "mamba_n_groups")
                .key(HEADS, "mamba_n_heads")
                .presence("mamba_conv_bias", "blk.{}.ssm_conv1d.bias")
                .presence("mamba_proj_bias", "blk.{}.ssm_in.bias");
    }

    /** Its factors are in the weights. */
    private static GgufFamily falcon() {
        return feedForwardBehind(states2(stateKeys(llama()), LAYER + "mamba."))
                .as("falcon_h1")
                .name("blk.{}.ffn_norm", LAYER + "pre_ff_layernorm.weight")
                .name("blk.{}.ffn_norm.weight", LAYER + "pre_ff_layernorm.weight")
                .key(INNER, "mamba_d_ssm")
                .constant("mamba_norm_before_gate", false)
                .presence("mamba_rms_norm", "blk.0.ssm_norm.weight")
                .presence("projectors_bias", "blk.0.ssm_out.bias");
    }

    private static GgufFamily bamba() {
        return feedForwardBehind(states2(stateKeys(paired()), LAYER + "mamba."))
                .as("bamba")
                .accept(INNER)
                .derive("mamba_expand", GgufStates::expansion)
                .derive("attn_layer_indices", facts -> {
                    List<Boolean> attending = facts.attending();
                    return Optional.of(GgufConfig.numbers(
                            IntStream.range(0, attending.size()).filter(attending::get)));
                });
    }

    /** Without experts, the feed-forward has the names of the expert for all tokens. */
    private static GgufFamily granite(GgufFacts facts) {
        boolean rotates =
                facts.metadata().bool(facts.prefix() + "rope.scaling.finetuned").orElse(true);
        boolean mixture = facts.integer("expert_count").orElse(0) > 0;
        GgufFamily family = GgufMixtures.graniteExperts(
                        states2(stateKeys(GgufDense.graniteFactors(paired(), facts)), LAYER + "mamba."))
                .as("granitemoehybrid")
                .key("expert_count", "num_local_experts", 0)
                .accept(INNER)
                .derive("mamba_expand", GgufStates::expansion)
                .constant("position_embedding_type", rotates ? "rope" : "nope")
                .derive("layer_types", of -> Optional.of(GgufConfig.kinds(of.attending(), "attention", "mamba")));
        return mixture
                ? family
                : family.without("ffn_gate", "ffn_up")
                        .name("blk.{}.ffn_down", LAYER + "shared_mlp.output_linear")
                        .joined(GgufJoin.gateAndUp(LAYER + "shared_mlp.input_linear.weight", "ffn_gate", "ffn_up"))
                        .extent("shared_intermediate_size", "blk.0.ffn_gate.weight", 0);
    }

    private static GgufFamily nemotron() {
        String folder = "backbone.layers.{}.mixer.";
        return states2(paired(bare("nemotron_h")), folder)
                .key(EPSILON, "layer_norm_epsilon")
                .key(GgufDense.EPSILON, "layer_norm_epsilon")
                .key("ssm.conv_kernel", "conv_kernel")
                .key("ssm.state_size", "ssm_state_size")
                .key("ssm.group_count", "n_groups")
                .key(HEADS, "mamba_num_heads")
                .accept(INNER)
                .derive("mamba_head_dim", GgufStates::stateHeadSize)
                .derive(
                        "num_key_value_heads",
                        facts -> facts.attends() ? Optional.empty() : facts.integer("attention.head_count"))
                .presence("use_conv_bias", "blk.{}.ssm_conv1d.bias")
                .presence("use_bias", "blk.{}.ssm_in.bias")
                .presence("attention_bias", "blk.{}.attn_q.bias")
                .presence("mlp_bias", "blk.{}.ffn_up.bias")
                .derive("layers_block_type", facts -> Optional.of(kinds(facts, "mlp")))
                .derive(
                        "intermediate_size",
                        facts -> Optional.of(Math.max(1, Collections.max(facts.ofBlocks("feed_forward_length")))))
                .name("token_embd", "backbone.embeddings")
                .name("output_norm", "backbone.norm_f")
                .name("blk.{}.attn_norm", "backbone.layers.{}.norm")
                .block(folder, GgufDense.ATTENTION)
                .block(folder, Map.of("ffn_up", "up_proj", "ffn_down", "down_proj"));
    }

    /** Every block has one part: attention if it has keys, a feed-forward if it has a width, else a state space. */
    private static JsonArray kinds(GgufFacts facts, String feedForward) {
        List<Boolean> attending = facts.attending();
        List<Integer> widths = facts.ofBlocks("feed_forward_length");
        JsonArray kinds = new JsonArray();
        for (int block = 0; block < facts.blocks(); block++) {
            kinds.add(attending.get(block) ? "attention" : widths.get(block) > 0 ? feedForward : "mamba");
        }
        return kinds;
    }

    private static GgufFamily nemotronMixture() {
        String folder = "backbone.layers.{}.mixer.";
        return GgufMixtures.experts(
                        nemotron(), folder + "experts.{expert}.", Map.of("ffn_up", "up_proj", "ffn_down", "down_proj"))
                .key(GgufMixtures.INNER, "moe_intermediate_size")
                .key(GgufMixtures.SHARED_INNER, "moe_shared_expert_intermediate_size")
                .key("expert_shared_count", "n_shared_experts", 0)
                .key("expert_weights_norm", "norm_topk_prob", false)
                .key("expert_weights_scale", "routed_scaling_factor", 1.0)
                .key("expert_group_count", "n_group", 1)
                .key("expert_group_used_count", "topk_group", 1)
                .key("moe_latent_size", "moe_latent_size", 0)
                .accept("expert_gating_func", 2L)
                .derive("layers_block_type", facts -> Optional.of(kinds(facts, "moe")))
                .name("blk.{}.exp_probs_b.bias", folder + "gate.e_score_correction_bias")
                .block(
                        folder,
                        Map.of(
                                "ffn_gate_inp", "gate",
                                "ffn_latent_down", "fc1_latent_proj",
                                "ffn_latent_up", "fc2_latent_proj",
                                "ffn_up_shexp", "shared_experts.up_proj",
                                "ffn_down_shexp", "shared_experts.down_proj"));
    }

    private static GgufFamily convolutions(String modelType) {
        return normedHeads(llama())
                .as(modelType)
                .key(EPSILON, "norm_eps")
                .key("shortconv.l_cache", "conv_L_cache")
                .presence("conv_bias", "blk.{}.shortconv.in_proj.bias")
                .derive(
                        "layer_types",
                        facts -> Optional.of(GgufConfig.kinds(facts.attending(), "full_attention", "conv")))
                .name("token_embd_norm", "model.embedding_norm")
                .block(
                        LAYER,
                        Map.of(
                                "attn_norm", "operator_norm",
                                "ffn_norm", "ffn_norm",
                                "attn_q_norm", "self_attn.q_layernorm",
                                "attn_k_norm", "self_attn.k_layernorm",
                                "attn_output", "self_attn.out_proj",
                                "shortconv.conv", "conv.conv",
                                "shortconv.in_proj", "conv.in_proj",
                                "shortconv.out_proj", "conv.out_proj"))
                .block(LAYER + "feed_forward.", NUMBERED)
                .rearranged(KERNELS, "shortconv.conv");
    }

    private static final Map<String, String> NUMBERED = Map.of("ffn_gate", "w1", "ffn_up", "w3", "ffn_down", "w2");

    private static GgufFamily lfm2() {
        return convolutions("lfm2").constant("block_auto_adjust_ff_dim", false);
    }

    private static GgufFamily lfm2Mixture() {
        String folder = LAYER + "feed_forward.";
        return GgufMixtures.experts(convolutions("lfm2_moe"), folder + "experts.{expert}.", NUMBERED)
                .key(GgufMixtures.INNER, "moe_intermediate_size")
                .key("leading_dense_block_count", "num_dense_layers", 0)
                .accept("expert_gating_func", 2L)
                .presence("use_expert_bias", "blk.{}.exp_probs_b.bias")
                .name("blk.{}.exp_probs_b.bias", folder + "expert_bias")
                .name("blk.{}.ffn_gate_inp", folder + "gate");
    }
}
