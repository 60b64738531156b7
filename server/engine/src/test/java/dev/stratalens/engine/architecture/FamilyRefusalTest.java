package dev.stratalens.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variants of families that would be computed wrongly are refused with their key. */
class FamilyRefusalTest {

    private static final String SIZES = """
            {"hidden_size": 24, "num_attention_heads": 3, "num_hidden_layers": 2, "intermediate_size": 20, "vocab_size": 61,
             "d_model": 24, "n_heads": 3, "n_layers": 2, "head_dim": 8, "sliding_window": 4}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mpt | {\"attn_config\": {\"alibi\": false}} | attn_config.alibi | is false; only true can be computed",
                "mpt | {\"attn_config\": {\"alibi\": true, \"qk_ln\": true}} | attn_config.qk_ln | is true; only false can be computed",
                "mpt | {\"attn_config\": {\"alibi\": true, \"prefix_lm\": true}} | attn_config.prefix_lm | is true; only false can be computed",
                "gemma | {\"use_bidirectional_attention\": true} | use_bidirectional_attention | is true; only false can be computed",
                "gemma2 | {\"use_bidirectional_attention\": true} | use_bidirectional_attention | is true; only false can be computed",
                "ernie4_5_moe | {\"moe_norm_min\": 0.5} | moe_norm_min | is 0.5; only at most num_experts_per_tok / num_local_experts can be computed",
                "granitemoehybrid | {\"layer_types\": [\"attention\"], \"layers_block_type\": [\"mamba\"]} | layer_types | is [\"attention\"], but layers_block_type is [\"mamba\"]",
                "deepseek_v4 | {\"compress_ratios\": [2, 4]} | compress_ratios | is 2.0; only 0, 4 and 128 can be computed",
                "deepseek_v4 | {\"o_groups\": 1, \"scoring_func\": \"softmax\"} | scoring_func | is softmax; only sqrtsoftplus and sigmoid can be computed",
                "gemma3n_text | {\"altup_num_inputs\": 1, \"num_kv_shared_layers\": 0} | altup_active_idx | is 0; allowed: an index of the 1 streams, 2 or more",
                "gemma3_text | {\"use_bidirectional_attention\": true} | use_bidirectional_attention | is true; only false can be computed",
                "gemma3 | {\"text_config\": {\"use_bidirectional_attention\": true}} | text_config.use_bidirectional_attention | is true; only false can be computed",
                "qwen2 | {\"layer_types\": [\"full_attention\", \"linear_attention\"]} | layer_types | is linear_attention; only full_attention, sliding_attention can be computed",
                "lfm2 | {\"layer_types\": [\"conv\", \"linear_attention\"]} | layer_types | is linear_attention; only full_attention, conv can be computed",
                "jamba | {\"hidden_act\": \"gelu\"} | hidden_act | is gelu; only silu can be computed",
                "mamba2 | {\"time_step_limit\": [0.1]} | time_step_limit | is [0.1]; allowed: a least and a largest step",
                "llava | {\"num_key_value_heads\": 1} | text_config | is none; allowed: the configuration of a text model",
                "llava | {\"text_config\": {\"model_type\": \"smolvlm\"}} | text_config | is smolvlm; allowed: the configuration of a text model",
                "gemma4_text | {\"use_bidirectional_attention\": \"all\"} | use_bidirectional_attention | is all; only vision and null can be computed",
                "gemma4_text | {\"per_layer_config\": {\"0\": {}}} | per_layer_config | is an object; only null can be computed",
                "laguna | {\"moe_router_logit_softcapping\": 2} | moe_router_logit_softcapping | is 2.0; only 0 can be computed",
                "iquestcoder | {\"clip_qkv\": 8} | clip_qkv | is 8.0; only null can be computed",
                "recurrent_gemma | {\"block_types\": [\"mamba\"]} | block_types | is mamba; only recurrent, attention can be computed",
                "xglm | {\"pad_token_id\": 2} | pad_token_id | is 2; only 0 and 1 can be computed",
                "granite_swa | {\"layer_rope_theta\": [1]} | layer_rope_theta | is 1 numbers; allowed: one for each of 2 blocks",
                "cohere2_moe | {\"expert_selection_fn\": \"sparsemax\"} | expert_selection_fn | is sparsemax; only softmax and sigmoid can be computed",
                "llama4_text | {\"layer_types\": [\"full_attention\", \"full_attention\"]} | layer_types | is another list than no_rope_layers; only the same blocks can be computed",
                "gemma2 | {\"layer_types\": [\"full_attention\"]} | layer_types | is 1 kinds; allowed: one for each of 2 blocks"
            })
    void aVariantThatIsNotComputedIsRefusedByItsKey(String family, String keys, String offender, String message) {
        JsonObject config = JsonParser.parseString(SIZES).getAsJsonObject();
        config.addProperty("model_type", family);
        JsonParser.parseString(keys).getAsJsonObject().asMap().forEach(config::add);
        HfConfig variant = HfConfig.parse(config.toString());

        var refusal = assertThrows(InvalidCheckpointException.class, () -> Architectures.of(variant));

        assertEquals(Problem.CONFIGURATION, refusal.problem());
        assertEquals(List.of(offender), refusal.offenders());
        assertTrue(refusal.getMessage().contains("config.json: " + offender + " " + message), refusal.getMessage());
    }
}
