package dev.stratalens.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HfConfigTest {

    @Test
    void valuesAreReadByType() {
        HfConfig config = config("""
                {"model_type": "llama", "hidden_size": 64, "rms_norm_eps": 1e-05, "attention_bias": true,
                 "hidden_act": "silu", "rope_scaling": {"factor": 8.0}}""");

        assertEquals("llama", config.modelType());
        assertEquals(64, config.integer("hidden_size"));
        assertEquals(1e-5, config.number("rms_norm_eps"));
        assertTrue(config.bool("attention_bias", false));
        assertEquals("silu", config.string("hidden_act"));
        assertEquals(8.0, config.object("rope_scaling").orElseThrow().number("factor"));
        assertEquals(
                Set.of("model_type", "hidden_size", "rms_norm_eps", "attention_bias", "hidden_act", "rope_scaling"),
                config.keys());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\": null, \"num_hidden_layers\": null, \"n_layer\": null}"})
    void absentAndNullKeysGiveTheClassDefault(String json) {
        HfConfig config = config(json);

        assertEquals(3, config.integer("a", 3));
        assertEquals(OptionalInt.empty(), config.optionalInteger("num_hidden_layers"));
        assertEquals(0.5, config.number("a", 0.5));
        assertTrue(config.bool("a", true));
        assertEquals("x", config.string("a", "x"));
        assertEquals(Optional.empty(), config.optionalString("a"));
        assertEquals(Optional.empty(), config.object("a"));
        assertFalse(config.has("a"));
        assertTrue(config.keys().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "num_hidden_layers, num_hidden_layers",
        "num_hidden_layers, n_layer",
        "num_hidden_layers, n_layers",
        "num_hidden_layers, num_layers",
        "hidden_size, n_embd",
        "hidden_size, n_embed",
        "hidden_size, d_model",
        "num_attention_heads, n_head",
        "num_attention_heads, n_heads",
        "num_attention_heads, num_heads",
        "max_position_embeddings, n_positions",
        "max_position_embeddings, max_seq_len",
        "intermediate_size, n_inner",
        "num_local_experts, num_experts"
    })
    void sizesAreFoundUnderEveryFamilysName(String standard, String written) {
        HfConfig config = config("{\"%s\": 12}".formatted(written));

        assertEquals(12, config.integer(standard));
        assertTrue(config.has(standard));
    }

    @Test
    void namesThatAgreeAreFineAndNamesThatDoNotAreRefused() {
        assertEquals(8, config("{\"n_head\": 8, \"num_attention_heads\": 8}").integer("num_attention_heads"));

        assertRefused(
                () -> config("{\"n_head\": 8, \"num_attention_heads\": 9}").integer("num_attention_heads"),
                "num_attention_heads",
                "num_attention_heads is 9, but n_head is 8");
    }

    @Test
    void aWrappedTextModelIsWhatTheGettersSee() {
        HfConfig config = config("""
                {"model_type": "gemma3", "hidden_size": 1, "tie_word_embeddings": false,
                 "text_config": {"model_type": "gemma3_text", "hidden_size": 2560}}""");

        assertEquals("gemma3", config.modelType());
        assertEquals("gemma3_text", config.string("model_type"));
        assertEquals(2560, config.integer("hidden_size"));
        assertTrue(config.bool("tie_word_embeddings", true), "the wrapper's keys are not the text model's");
        assertFalse(config.outer().bool("tie_word_embeddings", true));
        assertRefused(
                () -> config.integer("vocab_size"), "text_config.vocab_size", "text_config.vocab_size is missing");
    }

    @Test
    void aMissingKeyIsNamedWithItsOtherNames() {
        assertRefused(
                () -> config("{}").integer("num_hidden_layers"),
                "num_hidden_layers",
                "num_hidden_layers is missing, and so is n_layer, n_layers, num_layers");
        assertRefused(() -> config("{}").modelType(), "model_type", "model_type is missing");
        assertRefused(() -> config("{}").number("x"), "x", "x is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "1.5", "16777217", "1e300", "1e999999999", "\"12\"", "true", "[12]", "{}"})
    void sizesThatMakeNoSenseAreRefused(String value) {
        assertRefused(
                () -> config("{\"hidden_size\": %s}".formatted(value)).integer("hidden_size", 7),
                "hidden_size",
                "allowed: a whole number from 1 to 16,777,216");
    }

    @Test
    void aSizeWrittenAsAWholeFloatIsRead() {
        assertEquals(8192, config("{\"n_positions\": 8192.0}").integer("max_position_embeddings"));
    }

    @Test
    void otherTypesThanTheExpectedAreRefused() {
        HfConfig config = config("{\"text\": \"1\", \"number\": 1, \"huge\": 1e400, \"list\": []}");

        assertRefused(() -> config.number("text"), "text", "text is \"1\"; allowed: a finite number");
        assertRefused(() -> config.number("huge", 1), "huge", "allowed: a finite number");
        assertRefused(() -> config.bool("number", false), "number", "number is 1; allowed: true or false");
        assertRefused(() -> config.string("number"), "number", "number is 1; allowed: a text");
        assertRefused(() -> config.string("list", "x"), "list", "list is []; allowed: a text");
        assertRefused(() -> config.object("list"), "list", "list is []; allowed: an object");
    }

    @Test
    void errorsInANestedObjectNameTheWholePath() {
        HfConfig rope = config("{\"rope_scaling\": {\"factor\": \"8\"}}")
                .object("rope_scaling")
                .orElseThrow();

        assertRefused(() -> rope.number("factor"), "rope_scaling.factor", "rope_scaling.factor is \"8\"");
    }

    @Test
    void longValuesAreCutShortInMessages() {
        String message = assertThrows(
                        InvalidCheckpointException.class,
                        () -> config("{\"a\": \"%s\"}".formatted("x".repeat(100_000)))
                                .integer("a"))
                .toString();

        assertTrue(message.length() < 350, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{\"a\": 1", "{\"a\": 1} x", "{a: 1}", "{\"a\": nan}"})
    void whatIsNoJsonObjectIsRefused(String json) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, () -> config(json));

        assertEquals(Problem.CONFIGURATION, failure.problem());
        assertTrue(failure.toString().contains("config.json is not a JSON object"), failure.getMessage());
    }

    @Test
    void deepNestingIsRefusedInsteadOfOverflowingTheStack() {
        assertThrows(InvalidCheckpointException.class, () -> config("{\"a\":".repeat(100_000)));
    }

    @Test
    void pythonsNumbersAreReadAndNotTakenForNumbers() {
        HfConfig config = config("{\"a\": NaN, \"b\": -Infinity, \"c\": [0.0, Infinity], \"d\": 1}");

        assertEquals(1, config.number("d"));
        for (String key : List.of("a", "b")) {
            var refusal = assertThrows(InvalidCheckpointException.class, () -> config.number(key));
            assertTrue(refusal.getMessage().contains("allowed: a finite number"), refusal.getMessage());
        }
    }

    /** Python writes a word that is not JSON, transformers 5 an object. */
    @ParameterizedTest
    @ValueSource(strings = {"[0, Infinity]", "[0.0,Infinity ]", "[0, {\"__float__\": \"Infinity\"}]"})
    void aListMayHaveInfinity(String limits) {
        HfConfig config = config("{\"limits\": %s, \"text\": \"a, Infinity\"}".formatted(limits));

        assertEquals(Optional.of(List.of(0.0, Double.POSITIVE_INFINITY)), config.numbersOrInfinity("limits"));
        assertEquals("a, Infinity", config.string("text"));
        assertRefused(() -> config.numbers("limits"), "limits", "a finite number");
    }

    @Test
    void defaultsFillWhatIsMissing() {
        HfConfig config = config("{\"n_embd\": 8}").withDefaults(Map.of("hidden_size", 16, "vocab_size", 32));

        assertEquals(8, config.integer("hidden_size"));
        assertEquals(32, config.integer("vocab_size"));
    }

    private static HfConfig config(String json) {
        return HfConfig.parse(json);
    }

    private static void assertRefused(Executable getter, String offender, String message) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, getter);
        assertEquals(Problem.CONFIGURATION, failure.problem());
        assertEquals("config.json", failure.file());
        assertEquals(List.of(offender), failure.offenders());
        assertTrue(failure.toString().contains(message), failure.getMessage());
    }
}
