package dev.stratalens.engine.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.text.safety.SplitExpression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the Java code that reads the files of a tokenizer, including the guards against files that end the process. It
 * does not call the native library, whose faults would also end the fuzzer.
 */
@Timeout(60)
class TokenizerFuzzTest {

    /** The files of a tokenizer without {@code tokenizer.json}, in the order of an input, with a zero byte between them. */
    private static final List<String> OLDER_FILES = List.of(
            VocabularyAndMerges.VOCABULARY,
            VocabularyAndMerges.MERGES,
            TokenizerSettings.CONFIG,
            TokenizerSettings.ADDED_TOKENS);

    @TempDir
    private static Path directory;

    @FuzzTest
    void tokenizerJson(byte[] bytes) {
        readVocabulary(bytes);
    }

    @MethodSource
    @FuzzTest
    void olderFiles(byte[] bytes) throws IOException {
        // Latin-1 keeps every byte.
        String[] texts = new String(bytes, StandardCharsets.ISO_8859_1).split("\0", OLDER_FILES.size());
        for (int i = 0; i < OLDER_FILES.size(); i++) {
            Files.writeString(
                    directory.resolve(OLDER_FILES.get(i)),
                    i < texts.length ? texts[i] : "{}",
                    StandardCharsets.ISO_8859_1);
        }
        TokenizerDefinition definition;
        try {
            definition = TokenizerDirectory.read(directory);
        } catch (InvalidCheckpointException e) {
            requireText(e);
            return;
        }
        readVocabulary(definition.json());
    }

    static Stream<byte[]> olderFiles() {
        return seeds(
                String.join(
                        "\0",
                        "{\"a\": 0, \"b\": 1, \"ab\": 2, \"<s>\": 3}",
                        "#version: 0.2\na b\n",
                        "{\"tokenizer_class\": \"Qwen2TokenizerFast\", \"bos_token\": {\"content\": \"<s>\"}, \"add_bos_token\": true,"
                                + " \"extra_special_tokens\": [\"<x>\"], \"chat_template\": [{\"name\": \"default\", \"template\": \"x\"}]}",
                        "{\"<y>\": 5}"),
                String.join(
                        "\0",
                        "{\"a\": 0}",
                        "",
                        "{\"added_tokens_decoder\": {\"1\": {\"content\": \"<s>\", \"lstrip\": true}}, \"chat_template\": \"x\"}"));
    }

    @MethodSource
    @FuzzTest
    void splitExpression(byte[] bytes) {
        try {
            SplitExpression.canMatchNothing(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> splitExpression() {
        return seeds(
                TokenizerParts.words("\\p{N}{1,3}"),
                "(?>[^\\[\\]a-z&&[x]]+?|\\x{41}{2,}|(?<!a)b$)",
                "\\s+(?!\\S)|^.*+");
    }

    private static Stream<byte[]> seeds(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static void readVocabulary(byte[] json) {
        try {
            Vocabulary vocabulary = VocabularyReader.read(
                    "tokenizer.json",
                    new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()),
                    new NormalizedTokens());
            vocabulary.lookup("a");
            vocabulary.entry(0);
        } catch (IOException e) {
            // Failures that JsonTokenizer reports as malformed.
            if (e.getMessage() == null && e.getCause() == null && e.getClass() == IOException.class) {
                throw new AssertionError("a failure that says nothing", e);
            }
        } catch (InvalidCheckpointException e) {
            requireText(e);
        }
    }

    private static void requireText(RuntimeException failure) {
        if (failure.getMessage() == null || failure.getMessage().isBlank()) {
            throw new AssertionError("a failure that says nothing", failure);
        }
    }
}
