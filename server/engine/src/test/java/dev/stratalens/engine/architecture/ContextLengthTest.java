package dev.stratalens.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.parity.ParityCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The longest prompt: the value of the configuration, or more if a scaling of the rotary frequencies extends it. */
class ContextLengthTest {

    @ParameterizedTest
    @CsvSource({
        "'', 4096",
        "'\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4.0},', 16384",
        "'\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 1.0},', 4096",
        "'\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0},', 16384",
        "'\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0, \"original_max_position_embeddings\": 1024},', 4096",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0},', 4096"
    })
    void scalingMayReachFurther(String scaling, int expected) {
        HfConfig config = HfConfig.parse("""
                {"model_type": "llama", %s "max_position_embeddings": 4096, "hidden_size": 8, "num_attention_heads": 2,
                 "num_hidden_layers": 1, "intermediate_size": 8, "vocab_size": 16, "rms_norm_eps": 1e-5}
                """.formatted(scaling));

        assertEquals(expected, Architectures.of(config).extents().context());
    }

    /** Prompts of the reference beyond {@code max_position_embeddings} among them. */
    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void everyRecordedPromptMayBeAsked(ParityCase parity) {
        int context = Architectures.of(
                        CheckpointReader.open(parity.modelDirectory()).config())
                .extents()
                .context();

        assertTrue(parity.tokens() <= context, () -> "only " + context + " tokens");
    }
}
