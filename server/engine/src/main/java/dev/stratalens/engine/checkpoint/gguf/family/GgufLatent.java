package dev.stratalens.engine.checkpoint.gguf.family;

import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.LAYER;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufDense.llama;
import static dev.stratalens.engine.checkpoint.gguf.family.GgufSigmoids.grouped;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** DeepSeek and relatives with latent attention. */
final class GgufLatent {

    static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = Map.of(
            "deepseek2", GgufLatent::deepseek,
            "deepseek32", facts -> indexed(grouped(latent())).as("deepseek_v32"),
            "glm-dsa", facts -> glm(),
            "minicpm3", facts -> miniCpm());

    private static final String KEYS = "attention.key_length_mla";
    private static final String VALUES = "attention.value_length_mla";
    private static final String ROTATED = "rope.dimension_count";
    private static final String QUERY_RANK = "attention.q_lora_rank";
    private static final String KEY_RANK = "attention.kv_lora_rank";
    private static final String GATE = "expert_gating_func";
    private static final String SELF = LAYER + "self_attn.";

    /** Scoring by sigmoids in the file's numbers; 1 means softmaxes. */
    private static final int SIGMOIDS = 2;

    private GgufLatent() {}

    /** Names and ranks, without the sizes of heads. */
    static GgufFamily ranks(GgufFamily family) {
        return family.key(QUERY_RANK, "q_lora_rank", JsonNull.INSTANCE)
                .key(KEY_RANK, "kv_lora_rank")
                .key(ROTATED, "qk_rope_head_dim")
                .block(
                        SELF,
                        Map.of(
                                "attn_q_a", "q_a_proj",
                                "attn_q_a_norm", "q_a_layernorm",
                                "attn_q_b", "q_b_proj",
                                "attn_kv_a_mqa", "kv_a_proj_with_mqa",
                                "attn_kv_a_norm", "kv_a_layernorm",
                                "attn_kv_b", "kv_b_proj"));
    }

    /** Heads in the form in which their keys are those of the narrow vector; the sizes of the model have keys of their own. */
    static GgufFamily heads(GgufFamily family) {
        return ranks(family)
                .key(VALUES, "v_head_dim")
                .accept(KEYS)
                .accept("attention.value_length")
                .derive("qk_nope_head_dim", facts -> Optional.of(facts.count(KEYS) - facts.count(ROTATED)))
                .derive("num_key_value_heads", facts -> Optional.of(facts.heads()))
                .joined(GgufJoin.keysAndValues(SELF + "kv_b_proj.weight"));
    }

    private static GgufFamily latent() {
        return heads(llama())
                .presence("attention_bias", "blk.{}.attn_kv_a_mqa.bias")
                .accept(GgufRope.LOG_MULTIPLIER)
                .derive("rope_parameters", GgufLatent::rope);
    }

    /** The converter writes a tenth of {@code mscale_all_dim}, which equals {@code mscale} in all models. */
    private static Optional<JsonObject> rope(GgufFacts facts) {
        JsonObject rope = new GgufRope(facts).scaling();
        facts.number(GgufRope.THETA).ifPresent(theta -> rope.addProperty("rope_theta", GgufConfig.decimal(theta)));
        facts.number(GgufRope.LOG_MULTIPLIER).ifPresent(multiplier -> {
            rope.addProperty("mscale", Math.round(multiplier * 1e7) / 1e6);
            rope.addProperty("mscale_all_dim", Math.round(multiplier * 1e7) / 1e6);
        });
        return Optional.of(rope);
    }

    /** Softmaxes in the second generation; a file without experts is of Youtu. */
    private static GgufFamily deepseek(GgufFacts facts) {
        GgufFamily family = grouped(latent()).accept(GATE, 1L, 2L);
        if (facts.integer("expert_count").orElse(0) == 0) {
            return family.as("youtu");
        }
        boolean corrected = facts.anyHas("blk.{}.exp_probs_b.bias");
        if (facts.integer(GATE).orElse(corrected ? SIGMOIDS : 1) == SIGMOIDS) {
            return family.as("deepseek_v3");
        }
        boolean groups = facts.integer("expert_group_count").orElse(1) > 1;
        return family.as("deepseek_v2").constant("topk_method", groups ? "group_limited_greedy" : "greedy");
    }

    /** The index is left out: it chooses among more tokens than are allowed. */
    private static GgufFamily indexed(GgufFamily family) {
        return family.key("attention.indexer.top_k", "index_topk")
                .accept("attention.indexer.head_count")
                .accept("attention.indexer.key_length")
                .block(
                        SELF + "indexer.",
                        Map.of(
                                "indexer.k_norm", "k_norm",
                                "indexer.proj", "weights_proj",
                                "indexer.attn_k", "wk",
                                "indexer.attn_q_b", "wq_b"));
    }

    private static GgufFamily glm() {
        return indexed(grouped(latent())).as("glm_moe_dsa").accept("attention.indexer.types");
    }

    /** Its factors are in no key: they are those of all models. */
    private static GgufFamily miniCpm() {
        return ranks(llama())
                .as("minicpm3")
                .derive("qk_nope_head_dim", facts -> Optional.of(kept(facts)))
                .derive(
                        "v_head_dim",
                        facts -> facts.extent("blk.0.attn_kv_b.weight", 0)
                                .map(rows -> rows / facts.heads() - kept(facts)))
                .accept("attention.value_length");
    }

    private static int kept(GgufFacts facts) {
        return facts.headSize() - facts.count(ROTATED);
    }
}
