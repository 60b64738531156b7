package dev.stratalens.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoTokenizerTest {

    @TempDir
    private Path directory;

    @Test
    void tokensHaveNoTextAndTextsAreRefused() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        assertTrue(NoTokenizer.isAllThereIs(directory));

        try (Tokenizer tokenizer = new NoTokenizer()) {
            assertEquals(0, tokenizer.entry(7).bytes().length);
            assertTrue(tokenizer.lookup("a").isEmpty());
            var refusal = assertThrows(InvalidCheckpointException.class, () -> tokenizer.encode("a", true));
            assertTrue(refusal.getMessage().contains("Send token ids"), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "vocab.json", "merges.txt", "tokenizer.model", "qwen.tiktoken"})
    void aDirectoryWithAPartOfATokenizerHasNotNone(String file) throws IOException {
        Files.writeString(directory.resolve(file), "{}");

        assertFalse(NoTokenizer.isAllThereIs(directory));
    }
}
