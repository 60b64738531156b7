package dev.stratalens.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

class SparkLensOptionsTest {

    private static List<String> fields(String... options) {
        return Arrays.stream(SparkLens.of(options).schema().fields())
                .map(SparkLensOptionsTest::described)
                .toList();
    }

    private static String described(StructField field) {
        return field.name() + " " + field.dataType().simpleString();
    }

    @Test
    void aRowIsAPosition() {
        assertEquals(
                List.of(
                        "id string",
                        "request string",
                        "type string",
                        "lens string",
                        "position int",
                        "token_id int",
                        "token string",
                        "final_id int",
                        "final_token string",
                        "final_log_prob float",
                        "crystallization_layer int",
                        "targets array<string>",
                        "target_ids array<int>",
                        "layer array<int>",
                        "site array<string>",
                        "log_sum_exp array<float>",
                        "entropy array<float>",
                        "kl_from_final array<float>",
                        "kl_from_next array<float>",
                        "margin array<float>",
                        "cross_entropy array<float>",
                        "top_ids array<array<int>>",
                        "top_tokens array<array<string>>",
                        "top_log_probs array<array<float>>",
                        "target_ranks array<array<int>>",
                        "target_log_probs array<array<float>>",
                        "error string"),
                fields("--server", "localhost:50061"));
    }

    @Test
    void aRowIsALayerAndColumnsAreLeftOut() {
        List<String> fields = fields(
                "--server", "localhost:50061", "--rows", "layer", "--leave-out", "top_tokens,top_log_probs,targets");

        assertEquals(24, fields.size());
        assertEquals(
                List.of("layer int", "site string", "entropy float", "top_ids array<int>"),
                fields.stream()
                        .filter(field -> field.matches("(layer|site|entropy|top_\\w+) .*"))
                        .toList());
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        assertEquals(
                "--server HOST:PORT or --model DIR is missing: who computes, a server or the executors themselves?",
                refused());
        assertEquals("--in-flight: 0 is outside 1 .. 1024.", refused("--server", "localhost:1", "--in-flight", "0"));
        assertEquals(
                "--leave-out: id is needed to continue and to read the table.",
                refused("--server", "localhost:1", "--leave-out", "id"));
        assertEquals("Unknown option: '--nothing'", refused("--server", "localhost:1", "--nothing"));
    }

    private static String refused(String... options) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> SparkLens.of(options))
                .getMessage());
    }
}
