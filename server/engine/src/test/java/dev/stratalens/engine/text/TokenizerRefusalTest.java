package dev.stratalens.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerRefusalTest {

    @TempDir
    private Path directory;

    @Test
    void aMissingTokenizerIsNamed() {
        assertRefused("tokenizer.json is missing. Copy it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.model", "spiece.model", "tekken.json", "tiktoken.model", "qwen.tiktoken"})
    void formsThatOnlyPythonReadsAreNamedWithAConversion(String file) throws IOException {
        Files.createFile(directory.resolve(file));

        assertRefused("tokenizer.json is missing, and %s is not supported. Convert it with: python -c".formatted(file));
    }

    @Test
    void aVocabularyWithoutItsMergesIsRefused() throws IOException {
        Files.writeString(directory.resolve("vocab.json"), "{}");

        assertRefused("merges.txt", "merges.txt is missing beside vocab.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer_config.json|{|tokenizer_config.json is not a JSON object",
                "tokenizer_config.json|[]|tokenizer_config.json is not a JSON object",
                "tokenizer_config.json|{} {}|tokenizer_config.json is not a JSON object",
                "tokenizer_config.json|{\"tokenizer_class\": \"LlamaTokenizer\"}|names the tokenizer class LlamaTokenizer",
                "tokenizer_config.json|{\"added_tokens_decoder\": {\"x\": \"<a>\"}}|an added token \"x\" that cannot be read",
                "tokenizer_config.json|{\"added_tokens_decoder\": {\"1\": 7}}|an added token \"1\" that cannot be read",
                "special_tokens_map.json|7|special_tokens_map.json is not a JSON object",
                "added_tokens.json|{\"<a>\": {}}|added_tokens.json has an added token",
                "vocab.json|[1]|vocab.json is not a JSON object",
                "vocab.json|{}|vocab.json is not a tokenizer",
                "vocab.json|{\"a\": []}|vocab.json is not a tokenizer",
                "merges.txt|a b c|merges.txt has no two pieces in line 1",
                "merges.txt|a b|vocab.json is not understood: Token `b` out of vocabulary"
            })
    void damagedOlderFilesAreRefusedByName(String file, String content, String message) throws IOException {
        Files.writeString(directory.resolve("vocab.json"), "{\"a\": 0}");
        Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n");
        Files.writeString(directory.resolve(file), content);

        assertRefused(message.startsWith("vocab") ? "vocab.json" : file, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"model\": {}}",
                "{\"model\": {\"vocab\": {}}}",
                "{\"model\": {\"vocab\": 7}}",
                "{\"model\": {\"vocab\": {\"a\": \"x\"}}}",
                "{\"model\": {\"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"vocab\": {\"a\": 4294967296}}}",
                "{\"model\": {\"vocab\": {\"a\": 100000000}}}",
                "{\"model\": {\"vocab\": [\"a\"]}}",
                "{\"model\": {\"vocab\": [[]]}}",
                "{\"added_tokens\": [7], \"model\": {\"vocab\": {\"a\": 0}}}",
                "{\"decoder\": {x}, \"model\": {\"vocab\": {\"a\": 0}}}"
            })
    void whatIsNoTokenizerIsRefused(String json) throws IOException {
        write(json);

        assertRefused("tokenizer.json is not a tokenizer");
    }

    @Test
    void whatOnlyTheLibraryDoesNotUnderstandIsRefusedWithItsReason() throws IOException {
        writeWith("model", "{\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [[\"a\", \"b\"]]}");

        assertRefused("tokenizer.json is not understood: Token `b` out of vocabulary");
    }

    /** Each of these ends the process in the library, except the last one, which places tokens after the text. */
    @ParameterizedTest
    @CsvSource({
        "normalizer, '{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}', precompiled_charsmap is damaged",
        "normalizer, '{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"BAAAAAAAAAA=\"}]}', precompiled_charsmap is damaged",
        "normalizer, '{\"type\": \"Prepend\", \"prepend\": \"\"}', empty argument",
        "normalizer, '{\"type\": \"Replace\", \"pattern\": {\"String\": \"\"}, \"content\": \"x\"}', empty argument",
        "normalizer, '{\"type\": \"Precompiled\", \"precompiled_charsmap\": null}', precompiled_charsmap is damaged",
        "normalizer, '[\"\"]', not an object with a type",
        "normalizer, '{\"prepend\": \"\"}', not an object with a type",
        "normalizer, '{\"type\": \"Sequence\", \"normalizers\": [[\"\"]]}', not an object with a type",
        "normalizer, '{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"x*\"}, \"content\": \"\"}', x* replaces matches that may be empty",
        "decoder, '{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"^\"}, \"content\": \"\"}', ^ replaces matches that may be empty",
        "pre_tokenizer, '{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(a+)+$\"}, \"behavior\": \"Isolated\", \"invert\": false}', after a repetition of a part that itself repeats",
        "pre_tokenizer, '{\"type\": \"FixedLength\", \"length\": 0}', empty argument",
        "post_processor, '{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\", \"type_id\": 0}}], \"pair\": [], \"special_tokens\": {}}', does not declare",
        "post_processor, '{\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}], \"pair\": [], \"special_tokens\": {}}', does not declare",
        "model, '{\"type\": \"BPE\", \"continuing_subword_prefix\": \"##\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [[\"a\", \"b\"]]}', continuing_subword_prefix is not supported",
        "model, '{\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 0}, \"merges\": []}', end_of_word_suffix is not supported"
    })
    void whatWouldEndTheProcessIsRefused(String part, String json, String message) throws IOException {
        writeWith(part, json);

        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": true}', ' '",
        "'{\"type\": \"Replace\", \"pattern\": {\"String\": \"x\"}, \"content\": \"\"}', xx"
    })
    void anAddedTokenOfWhichTheNormalizerLeavesNothingIsRefused(String normalizer, String content) throws IOException {
        writeWith("normalizer", normalizer, addedToken(content));

        assertRefused("leaves nothing of the added token \"%s\"".formatted(content));
    }

    @Test
    void aNormalizerThatOnlyTheLibraryDoesNotUnderstandIsRefusedWithItsReason() throws IOException {
        writeWith("normalizer", "{\"type\": \"Bogus\"}", addedToken("x"));

        assertRefused("tokenizer.json is not understood");
    }

    @Test
    void anAddedTokenThatIsNotNormalizedIsKept() throws IOException {
        writeWith(
                "normalizer",
                "{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": true}",
                addedToken(" ").replace("\"normalized\": true", "\"normalized\": false"));

        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            assertEquals(3, tokenizer.encode("a b", false).ids().length);
        }
    }

    @Test
    void partsThatNestTooDeepAreRefused() throws IOException {
        String deep = "{\"type\": \"Sequence\", \"decoders\": [".repeat(60) + "]}".repeat(60);

        writeWith("decoder", deep);

        assertRefused("its parts nest more than 16 deep");
    }

    @Test
    void entriesOfEndlessLengthAreRefused() throws IOException {
        String content = "x".repeat(5000);
        writeWith("model", "{\"type\": \"Unigram\", \"unk_id\": null, \"vocab\": [[\"%s\", 0.0]]}".formatted(content));
        assertRefused("an entry has 5,000 characters");

        writeWith("normalizer", "null", addedToken(content));
        assertRefused("an entry has 5,000 characters");
    }

    @Test
    void randomIdsAreRefused() throws IOException {
        writeWith("model", "{\"type\": \"BPE\", \"dropout\": 0.1, \"vocab\": {\"a\": 0}, \"merges\": []}");

        assertRefused("set its model's dropout to null");
    }

    @Test
    void aTextThatTheVocabularyCannotWriteIsRefused() throws IOException {
        writeWith("model", "{\"type\": \"Unigram\", \"unk_id\": null, \"vocab\": [[\"a\", 0.0]]}");

        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            InvalidCheckpointException failure =
                    assertThrows(InvalidCheckpointException.class, () -> tokenizer.encode("b", false));
            assertTrue(failure.toString().contains("has no way to write the text"), failure.toString());
        }
    }

    @Test
    void anIdBeyondEveryVocabularyIsRefused() throws IOException {
        writeWith(
                "post_processor", "{\"type\": \"BertProcessing\", \"sep\": [\"x\", 4294967295], \"cls\": [\"y\", 2]}");

        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            InvalidCheckpointException failure =
                    assertThrows(InvalidCheckpointException.class, () -> tokenizer.encode("b", true));
            assertTrue(failure.toString().contains("an id beyond every vocabulary"), failure.toString());
        }
    }

    @Test
    void damagedFilesAreRefusedOrReadButNeverEndTheProcess() throws IOException {
        byte[] whole = Files.readAllBytes(RecordedTexts.DIRECTORY.resolve("metaspace/tokenizer.json"));
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            int length = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Files.write(directory.resolve("tokenizer.json"), Arrays.copyOf(damaged, length));
            try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
                tokenizer.encode("The café in 東京", true);
            } catch (InvalidCheckpointException e) {
                assertEquals(Problem.TOKENIZER, e.problem());
            }
        }
    }

    private static String addedToken(String content) {
        return """
                [{"id": 0, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true,
                "special": false}]""".formatted(content);
    }

    /** The recorded tokenizer with one part exchanged. */
    private void writeWith(String part, String json) throws IOException {
        writeWith(part, json, part.equals("model") ? "[]" : null);
    }

    private void writeWith(String part, String json, @Nullable String addedTokens) throws IOException {
        JsonObject whole = JsonParser.parseString(
                        Files.readString(RecordedTexts.DIRECTORY.resolve("byte-level/tokenizer.json")))
                .getAsJsonObject();
        JsonElement exchanged = JsonParser.parseString(json);
        whole.add(part, exchanged);
        if (addedTokens != null) {
            whole.add("added_tokens", JsonParser.parseString(addedTokens));
            whole.add("post_processor", JsonParser.parseString("null"));
        }
        write(whole.toString());
    }

    private void write(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
    }

    private void assertRefused(String message) {
        assertRefused("tokenizer.json", message);
    }

    private void assertRefused(String file, String message) {
        InvalidCheckpointException failure =
                assertThrows(InvalidCheckpointException.class, () -> JsonTokenizer.open(directory));
        assertEquals(Problem.TOKENIZER, failure.problem());
        assertEquals(file, failure.file());
        assertTrue(failure.toString().contains(message), failure.toString());
    }
}
