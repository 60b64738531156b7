package dev.stratalens.engine.architecture.rope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.rope.RopeParameters.Defaults;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RopeParametersTest {

    private static final RopeScaling NONE = new RopeScaling.None();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"rope_scaling\": null}",
                "{\"rope_scaling\": {}}",
                "{\"rope_scaling\": {\"rope_type\": \"default\"}}",
                "{\"rope_parameters\": {\"rope_type\": \"default\"}}"
            })
    void whatIsNotSaidIsTheFamilysDefault(String json) {
        assertEquals(new RopeParameters(500_000, 0.25, NONE), read(json, new Defaults(500_000, 0.25)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rope_theta\": 2.0, \"partial_rotary_factor\": 0.5}",
                "{\"rope_theta\": 2.0, \"partial_rotary_factor\": 0.5, \"rope_parameters\": {\"rope_type\": \"default\"}}",
                "{\"rope_parameters\": {\"rope_theta\": 2.0, \"partial_rotary_factor\": 0.5}}",
                "{\"rope_theta\": 3.0, \"partial_rotary_factor\": 1, \"rope_parameters\": {\"rope_theta\": 2.0, \"partial_rotary_factor\": 0.5}}"
            })
    void thetaAndShareAreTakenFromTheObjectThenFromTheTopLevel(String json) {
        assertEquals(new RopeParameters(2, 0.5, NONE), read(json, Defaults.USUAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}}",
                "{\"rope_scaling\": {\"rope_type\": \"linear\", \"type\": \"ignored\", \"factor\": 4}}",
                "{\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4.0}}",
                "{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}, \"rope_parameters\": {\"rope_type\": \"default\"}}"
            })
    void linearScalingIsReadInEverySpelling(String json) {
        assertEquals(new RopeParameters(10_000, 1, new RopeScaling.Linear(4)), read(json, Defaults.USUAL));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '\"original_max_position_embeddings\": 8192', 8192",
        "'\"original_max_position_embeddings\": 4096, ', '\"original_max_position_embeddings\": 8192', 4096",
        "'', '\"original_max_position_embeddings\": null', 131072"
    })
    void llama3ScalingFindsTheOriginalContextWhereTransformersDoes(String top, String inner, int original) {
        String json = """
                {%s"max_position_embeddings": 131072, "rope_theta": 500000.0, "rope_scaling":
                 {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, %s}}""".formatted(top, inner);

        assertEquals(
                new RopeParameters(500_000, 1, new RopeScaling.Llama3(8, 1, 4, original)), read(json, Defaults.USUAL));
    }

    @Test
    void otherTypesAreRefusedByName() {
        assertRefused(
                "{\"rope_scaling\": {\"type\": \"cubic\", \"factor\": 4}}",
                "rope_scaling.rope_type",
                "is \"cubic\"; only \"default\", \"linear\", \"dynamic\", \"llama3\", \"yarn\", \"longrope\", \"proportional\"");
        assertRefused(
                "{\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"default\"}}}",
                "rope_parameters.full_attention",
                "only one rope for all layers can be computed");
    }

    @Test
    void longPromptsOfALongRopeHaveFactorsAndAMagnitudeOfTheirOwn() {
        RopeParameters rope = RopeParameters.of(HfConfig.parse("""
                        {"max_position_embeddings": 32, "rope_scaling": {"type": "longrope",
                         "original_max_position_embeddings": 16, "short_factor": [1, 2], "long_factor": [4, 8],
                         "short_mscale": 1.25, "long_mscale": 1.5}}
                        """), RopeParameters.Defaults.USUAL);
        var shortPrompt = new RotaryFrequencies(rope, 4, 16);
        var longPrompt = new RotaryFrequencies(rope, 4, 17);

        assertEquals(1.25, shortPrompt.magnitude());
        assertEquals(1.5, longPrompt.magnitude());
        assertEquals(shortPrompt.angle(8, 1) / 4, longPrompt.angle(8, 1), 1e-6f);
    }

    /** Values of transformers' {@code _compute_dynamic_ntk_parameters}. */
    @ParameterizedTest
    @CsvSource({
        "3, 1, 0.3162277638912201, 0.10000000149011612, 0.03162277862429619",
        "6, 1, 0.3162277638912201, 0.10000000149011612, 0.03162277862429619",
        "7, 1, 0.2762503921985626, 0.076314277946949, 0.021081849932670593",
        "12, 1, 0.1992110013961792, 0.039685025811195374, 0.007905693724751472",
        "18, 1, 0.1653105765581131, 0.027327585965394974, 0.004517539404332638"
    })
    void dynamicScalingRaisesTheBaseOfPromptsBeyondTheContext(
            int tokens, float first, float second, float third, float fourth) {
        RopeParameters rope = read("""
                {"max_position_embeddings": 6, "rope_theta": 100.0, "rope_scaling": {"type": "dynamic", "factor": 3.0}}
                """, Defaults.USUAL);
        var frequencies = new RotaryFrequencies(rope, 8, tokens);

        assertEquals(first, frequencies.angle(1, 0), 1e-7f);
        assertEquals(second, frequencies.angle(1, 1), 1e-7f);
        assertEquals(third, frequencies.angle(1, 2), 1e-7f);
        assertEquals(fourth, frequencies.angle(1, 3), 1e-7f);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"type\": \"dynamic\", \"factor\": 2.5}', 5",
        "'{\"type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 16}', 64",
        "'{\"type\": \"linear\", \"factor\": 4}', 0"
    })
    void aScalingSaysHowFarItReaches(String scaling, int reach) {
        RopeParameters rope =
                read("{\"max_position_embeddings\": 2, \"rope_scaling\": " + scaling + "}", Defaults.USUAL);

        assertEquals(reach, rope.scaling().reach());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"rope_theta\": 0}', rope_theta, a number above 0",
        "'{\"rope_theta\": \"1e4\"}', rope_theta, a finite number",
        "'{\"partial_rotary_factor\": 0}', partial_rotary_factor, at most 1",
        "'{\"partial_rotary_factor\": 1.5}', partial_rotary_factor, at most 1",
        "'{\"rope_scaling\": []}', rope_scaling, an object",
        "'{\"rope_scaling\": {\"type\": \"linear\"}}', rope_scaling.factor, is missing",
        "'{\"rope_scaling\": {\"type\": \"linear\", \"factor\": -1}}', rope_scaling.factor, a number above 0",
        "'{\"rope_scaling\": {\"type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4}}', rope_scaling.high_freq_factor, a number above 4",
        "'{\"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [2]}}', max_position_embeddings, is missing",
        "'{\"max_position_embeddings\": 32, \"rope_scaling\": {\"type\": \"longrope\", \"long_factor\": [2]}}', rope_scaling.short_factor, is missing",
        "'{\"max_position_embeddings\": 32, \"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [0]}}', rope_scaling.long_factor, a number above 0",
        "'{\"rope_parameters\": {\"rope_theta\": -5}}', rope_parameters.rope_theta, a number above 0"
    })
    void valuesThatMakeNoSenseAreRefused(String json, String offender, String message) {
        assertRefused(json, offender, message);
    }

    private static RopeParameters read(String json, Defaults defaults) {
        return RopeParameters.of(HfConfig.parse(json), defaults);
    }

    private static void assertRefused(String json, String offender, String message) {
        InvalidCheckpointException failure =
                assertThrows(InvalidCheckpointException.class, () -> read(json, Defaults.USUAL));
        assertEquals(Problem.CONFIGURATION, failure.problem());
        assertEquals(offender, failure.offenders().get(0));
        assertTrue(failure.toString().contains(message), failure.getMessage());
    }
}
