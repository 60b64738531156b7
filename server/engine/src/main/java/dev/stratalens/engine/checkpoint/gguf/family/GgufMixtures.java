package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.normedHeads;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.paired;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.windows;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.EXPERTS;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufRearrangement.ROW;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Mixtures whose experts are chosen by softmaxes. */
final class GgufMixtures {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.ofEntries(
            Map.entry("cohere2moe", GgufMixtures::cohere),
            Map.entry("ernie4_5-moe", facts -> ernie()),
            Map.entry("gpt-oss", facts -> gptOss()),
            Map.entry("granitemoe", facts -> granite(facts)),
            Map.entry("hunyuan-moe", facts -> hunyuan()),
            Map.entry("llama4", GgufMixtures::llama4),
            Map.entry("mellum", facts -> mellum()),
            Map.entry("olmoe", facts -> olmoe()),
            Map.entry("phimoe", GgufMixtures::phi),
            Map.entry("qwen2moe", facts -> qwen(llama()).as("qwen2_moe")),
            Map.entry("qwen3moe", facts -> qwen3()),
            Map.entry("qwen3vlmoe", facts -> qwen3().accept(GgufDense.SECTIONS).accept("n_deepstack_layers")));

    static final String INNER = "expert_feed_forward_length";
    static final String SHARED_INNER = "expert_shared_feed_forward_length";

    private GgufMixtures() {}

    /** The number of experts, and of those of a token. */
    static GgufFamily counts(GgufFamily family) {
        return family.key("expert_count", "num_local_experts").key("expert_used_count", "num_experts_per_tok");
    }

    /** Experts with the usual names beside a router. */
    static GgufFamily experts(GgufFamily family) {
        return experts(family, LAYER + "mlp.experts.{expert}.", GgufDense.FEED_FORWARD)
                .name("blk.{}.ffn_gate_inp", LAYER + "mlp.gate")
                .name("blk.{}.ffn_gate_up_exps.weight", LAYER + "mlp.experts.gate_up_proj");
    }

    /**
     * Experts with names of their own.
     *
     * @param names of their matrices, by GGUF's names of a dense feed-forward
     */
    static GgufFamily experts(GgufFamily family, String folder, Map<String, String> names) {
        GgufFamily named = counts(family);
        for (Map.Entry<String, String> matrix : names.entrySet()) {
            String module = matrix.getKey() + "_exps";
            named = named.name("blk.{}." + module, folder + matrix.getValue()).rearranged(EXPERTS, module);
        }
        return named;
    }

    /** Mixtral's names. */
    static GgufFamily renamed(GgufFamily family) {
        return experts(
                        family,
                        LAYER + "block_sparse_moe.experts.{expert}.",
                        Map.of("ffn_gate", "w1", "ffn_up", "w3", "ffn_down", "w2"))
                .name("blk.{}.ffn_gate_inp", LAYER + "block_sparse_moe.gate");
    }

    /** One expert for all tokens. */
    static GgufFamily shared(GgufFamily family, String folder) {
        return family.block(
                folder + ".",
                Map.of("ffn_gate_shexp", "gate_proj", "ffn_up_shexp", "up_proj", "ffn_down_shexp", "down_proj"));
    }

    static GgufFamily mixtral() {
        return renamed(paired()).as("mixtral");
    }

    /** Older files have widths only in their tensors. Blocks without a router are dense. */
    static GgufFamily qwen(GgufFamily family) {
        return shared(experts(family), LAYER + "mlp.shared_expert")
                .extent("moe_intermediate_size", "blk.{}.ffn_gate_exps.weight", 1)
                .extent("shared_expert_intermediate_size", "blk.{}.ffn_gate_shexp.weight", 0)
                .derive(
                        "mlp_only_layers",
                        facts -> Optional.of(GgufConfig.numbers(IntStream.range(0, facts.blocks())
                                .filter(block -> !facts.has("blk.%d.ffn_gate_inp.weight".formatted(block))))))
                .name("blk.{}.ffn_gate_inp_shexp", LAYER + "mlp.shared_expert_gate")
                .rearranged(ROW, "ffn_gate_inp_shexp");
    }

    private static GgufFamily qwen3() {
        return qwen(normedHeads(llama())).as("qwen3_moe").constant("norm_topk_prob", true);
    }

    private static GgufFamily olmoe() {
        return experts(normedHeads(llama())).as("olmoe").constant("norm_topk_prob", false);
    }

    private static GgufFamily phi(GgufFacts facts) {
        return GgufDense.window(renamed(llama())).as("phimoe").constant("lm_head_bias", facts.has("output.bias"));
    }

    private static GgufFamily mellum() {
        return experts(windows(normedHeads(llama())))
                .as("mellum")
                .key(INNER, "moe_intermediate_size")
                .constant("norm_topk_prob", true)
                .accept(GgufRope.THETA_OF_WINDOWS)
                .derive("rope_parameters", GgufRope::byKind);
    }

    /** A dense feed-forward in the first blocks, and one for all tokens beside the experts. */
    private static GgufFamily ernie() {
        return shared(experts(llama()), LAYER + "mlp.shared_experts")
                .as("ernie4_5_moe")
                .key(INNER, "moe_intermediate_size")
                .key("interleave_moe_layer_step", "moe_layer_interval", 1)
                .key("leading_dense_block_count", "moe_layer_start_index", 0)
                .key("expert_shared_count", "moe_num_shared_experts", 0)
                .name("blk.{}.exp_probs_b.bias", LAYER + "mlp.moe_statics.e_score_correction_bias")
                .rearranged(ROW, "exp_probs_b.bias");
    }

    private static GgufFamily hunyuan() {
        return shared(experts(GgufDense.hunyuan(llama())), LAYER + "mlp.shared_mlp")
                .as("hunyuan_v1_moe")
                .accept("expert_shared_count", 1L)
                .name("blk.{}.ffn_gate_inp", LAYER + "mlp.gate.wg");
    }

    private static GgufFamily granite(GgufFacts facts) {
        return graniteExperts(GgufDense.granite(facts)).as("granitemoe");
    }

    /** Gate above up, in one tensor of all experts and one of the expert for all tokens. */
    static GgufFamily graniteExperts(GgufFamily family) {
        String experts = LAYER + "block_sparse_moe.";
        String shared = LAYER + "shared_mlp.";
        return counts(family)
                .key(SHARED_INNER, "shared_intermediate_size", 0)
                .name("blk.{}.ffn_gate_inp", experts + "router.layer")
                .name("blk.{}.ffn_down_exps", experts + "output_linear")
                .name("blk.{}.ffn_down_shexp", shared + "output_linear")
                .joined(GgufJoin.gateAndUp(experts + "input_linear.weight", "ffn_gate_exps", "ffn_up_exps"))
                .joined(GgufJoin.gateAndUp(shared + "input_linear.weight", "ffn_gate_shexp", "ffn_up_shexp"));
    }

    /** Its feed-forward is a mixture in every block. */
    private static GgufFamily gptOss() {
        return experts(windows(llama()))
                .as("gpt_oss")
                .derive("intermediate_size", facts -> facts.integer(INNER))
                .constant(HfConfig.EXPERTS_APART, true)
                .without("ffn_norm", "ffn_gate", "ffn_up", "ffn_down", "ffn_gate_up_exps.weight")
                .name("blk.{}.attn_sinks.weight", LAYER + "self_attn.sinks")
                .block(LAYER, Map.of("post_attention_norm", "post_attention_layernorm", "ffn_gate_inp", "mlp.router"));
    }

    private static GgufFamily cohere(GgufFacts facts) {
        boolean sigmoids = facts.integer("expert_gating_func").orElse(2) == 2;
        return shared(experts(windows(llama())), LAYER + "mlp.shared_experts")
                .as("cohere2_moe")
                .key(GgufDense.EPSILON, "layer_norm_eps")
                .key("logit_scale", "logit_scale")
                .key("feed_forward_length", "prefix_dense_intermediate_size")
                .key(INNER, "intermediate_size")
                .key("leading_dense_block_count", "first_k_dense_replace", 0)
                .key("expert_shared_count", "num_shared_experts", 0)
                .key("expert_weights_norm", "norm_topk_prob", false)
                .accept("expert_gating_func", 1L, 2L)
                .constant("expert_selection_fn", sigmoids ? "sigmoid" : "softmax")
                .without("ffn_norm");
    }

    /**
     * Every fourth block sees the whole prompt, and does not rotate; the others see 8,192 tokens at a time. Only the model
     * with 128 experts does not norm its heads.
     */
    private static GgufFamily llama4(GgufFacts facts) {
        String folder = LAYER + "feed_forward.";
        return shared(counts(llama()), folder + "shared_expert")
                .as("llama4_text")
                .key("feed_forward_length", "intermediate_size_mlp")
                .key(INNER, "intermediate_size")
                .key("interleave_moe_layer_step", "interleave_moe_layer_step")
                .constant("use_qk_norm", facts.integer("expert_count").orElse(0) != 128)
                .block(folder, GgufDense.FEED_FORWARD)
                .name("blk.{}.ffn_gate_inp", folder + "router")
                .joined(GgufJoin.inputsFirst(folder + "experts.gate_up_proj", "ffn_gate_exps", "ffn_up_exps"))
                .joined(GgufJoin.inputsFirst(folder + "experts.down_proj", "ffn_down_exps"));
    }
}
