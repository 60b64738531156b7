package dev.stratalens.engine.checkpoint.reader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.Gson;
import dev.stratalens.engine.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares tokenizers from GGUF files with the original tokenizer files, and with SentencePiece. */
class GgufTokenizerTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/tokenizers");

    /**
     * One text.
     *
     * @param ids without special tokens
     * @param templated ids with special tokens
     */
    private record Expected(String text, int[] ids, int[] templated) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-2",
                "llama-bpe",
                "qwen2",
                "tekken",
                "gpt-4o",
                "llama",
                "gemma",
                "gemma4",
                "whole-pieces",
                "glm4",
                "named-by-text",
                "phi3-roles",
                "bloom",
                "falcon"
            })
    void idsAreThoseOfTheReference(String name) throws IOException {
        List<Expected> recorded = Files.readAllLines(RECORDED.resolve(name).resolve("expected.jsonl")).stream()
                .map(line -> new Gson().fromJson(line, Expected.class))
                .toList();
        assertFalse(recorded.isEmpty());
        try (Tokenizer tokenizer =
                CheckpointReader.tokenizer(RECORDED.resolve(name).resolve("model.gguf"))) {
            for (Expected expected : recorded) {
                assertArrayEquals(
                        expected.ids(), tokenizer.encode(expected.text(), false).ids(), expected.text());
                assertArrayEquals(
                        expected.templated(),
                        tokenizer.encode(expected.text(), true).ids(),
                        expected.text());
            }
        }
    }
}
