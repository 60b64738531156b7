package dev.stratalens.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.parity.ParityCase;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    /** An index of keys is not computed; for shorter prompts it changes nothing. */
    @Test
    void anIndexLimitsPromptsToTheKeysThatItChooses() {
        HfConfig config = HfConfig.parse("""
                {"model_type": "deepseek_v32", "max_position_embeddings": 4096, "hidden_size": 8, "num_attention_heads": 2,
                 "num_hidden_layers": 1, "intermediate_size": 8, "vocab_size": 16, "index_topk": 512,
                 "rope_scaling": {"type": "yarn", "factor": 40.0, "original_max_position_embeddings": 4096}}
                """);

        assertEquals(512, Architectures.of(config).extents().context());
    }

    @Test
    void filesOfLlavaLeaveOutTheSizesOfTheTextModel() {
        Extents extents = Architectures.of(HfConfig.parse("""
                {"model_type": "llava", "text_config": {"model_type": "mistral", "vocab_size": 32064,
                 "max_position_embeddings": 32768, "sliding_window": null}}
                """)).extents();

        assertEquals(
                List.of(4096, 14_336, 32, 32, 8, 32_064),
                List.of(
                        extents.hidden(),
                        extents.inner(),
                        extents.blocks(),
                        extents.heads(),
                        extents.keyValueHeads(),
                        extents.vocabulary()));
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
