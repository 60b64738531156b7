package dev.stratalens.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of mixtures that contradict themselves, or need an unsupported computation, are refused. */
class MixtureRefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mixtral      | num_experts_per_tok | 9          | allowed: at most as many as there are experts, 8",
                "mixtral      | num_local_experts   | 4097       | allowed: at most 4,096",
                "deepseek_v3  | n_group             | 7          | allowed: a divisor of the experts, 256",
                "deepseek_v3  | n_group             | 256        | allowed: a divisor of the experts",
                "deepseek_v3  | topk_group          | 9          | allowed: at most n_group, 8",
                "deepseek_v2  | topk_method         | \"noaux\"  | only greedy and group_limited_greedy can be computed",
                "deepseek_v2  | norm_topk_prob      | true       | only false can be computed",
                "deepseek_v2  | mlp_bias            | true       | only false can be computed",
                "gpt_oss      | swiglu_alpha        | 1.5        | only 1.702 can be computed",
                "phimoe       | num_experts_per_tok | 3          | only 2 can be computed",
                "ernie4_5_moe | use_bias            | true       | only false can be computed"
            })
    void aValueThatIsNotComputedIsRefusedByItsKey(String family, String key, String value, String message) {
        JsonObject config = JsonParser.parseString("""
                        {"hidden_size": 24, "num_attention_heads": 3, "num_key_value_heads": 3, "num_experts_per_tok": 2,
                         "num_hidden_layers": 2, "intermediate_size": 20, "vocab_size": 61}
                        """).getAsJsonObject();
        config.addProperty("model_type", family);
        config.add(key, JsonParser.parseString(value));
        HfConfig contradiction = HfConfig.parse(config.toString());

        var refusal = assertThrows(InvalidCheckpointException.class, () -> Architectures.of(contradiction));

        assertEquals(List.of(key), refusal.offenders());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }
}
