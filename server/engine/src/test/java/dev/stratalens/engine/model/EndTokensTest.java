package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.text.NoTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndTokensTest {

    private static final int VOCABULARY = 100;

    @TempDir
    Path directory;

    private Set<Integer> of(String config) {
        return EndTokens.of(
                new Checkpoint(directory, HfConfig.parse(config), Map.of(), ""), new NoTokenizer(), VOCABULARY);
    }

    private void generationConfig(String json) throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), json);
    }

    @Test
    void thoseOfTheGenerationConfigurationComeFirst() throws IOException {
        generationConfig("{\"eos_token_id\": [3, 0, 7]}");
        assertEquals(Set.of(0, 3, 7), of("{\"eos_token_id\": 5}"));
        generationConfig("{\"eos_token_id\": 4}");
        assertEquals(Set.of(4), of("{\"eos_token_id\": 5}"));
    }

    @Test
    void thenThoseOfTheConfigurationOrOfTheOneAroundIt() throws IOException {
        assertEquals(Set.of(5), of("{\"eos_token_id\": 5}"));
        generationConfig("{\"eos_token_id\": null}");
        assertEquals(Set.of(0, 6), of("{\"eos_token_id\": [0, 6]}"));
        assertEquals(Set.of(8), of("{\"eos_token_id\": 8, \"text_config\": {}}"));
        assertEquals(Set.of(9), of("{\"eos_token_id\": 8, \"text_config\": {\"eos_token_id\": 9}}"));
        assertEquals(Set.of(), of("{}"));
    }

    @Test
    void idsThatTheModelDoesNotHaveAreLeftOut() {
        assertEquals(Set.of(99), of("{\"eos_token_id\": [99, 100, -1]}"));
    }

    @Test
    void whatIsNoIdIsRefusedByName() throws IOException {
        generationConfig("{\"eos_token_id\": [1, \"x\"]}");
        InvalidCheckpointException refusal = assertThrows(InvalidCheckpointException.class, () -> of("{}"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("eos_token_id"), refusal.getMessage());
    }
}
