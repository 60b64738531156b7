package dev.stratalens.engine.checkpoint.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.SafetensorsBytes;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers of GGUF files that are missing, damaged, or split texts in an unknown way, are refused. */
class GgufTokenizerRefusalTest {

    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String SCORES = "tokenizer.ggml.scores";

    @TempDir
    private Path directory;

    @Test
    void aFileWithoutATokenizerIsToBeConvertedAgain() {
        assertRefused(
                MODEL,
                "model.gguf: tokenizer.ggml.model is missing. Convert the model again with a newer llama.cpp.",
                keys(0));
        assertRefused(TOKENS, "is missing. Convert the model again", keys(1).string(MODEL, "gpt2"));
    }

    @Test
    void aKindThatIsNotReadIsNamed() {
        assertRefused(
                MODEL,
                "is \"bert\"; allowed: gpt2, llama, gemma4. Use the model's original files.",
                keys(2).string(MODEL, "bert").strings(TOKENS, "a"));
    }

    @Test
    void anUnknownPreTokenizerIsNamedWithThoseThatAreKnown() {
        assertRefused(
                PRE,
                "is \"cut-by-moon-phase\", which is unknown (known: ",
                keys(4).string(MODEL, "gpt2")
                        .string(PRE, "cut-by-moon-phase")
                        .strings(TOKENS, "a")
                        .strings(MERGES));
        assertRefused(
                PRE,
                "is missing; without it, the splitting of texts is unknown. Convert the model again with a newer llama.cpp.",
                keys(3).string(MODEL, "gpt2").strings(TOKENS, "a").strings(MERGES));
    }

    @Test
    void mergesAreNeededAndArePairs() {
        assertRefused(
                MERGES,
                "is missing. Convert the model again",
                keys(3).string(MODEL, "gpt2").string(PRE, "gpt-2").strings(TOKENS, "a"));
        assertRefused(
                MERGES,
                "holds \"abc\", which is not a pair. Convert the model again.",
                keys(4).string(MODEL, "gpt2")
                        .string(PRE, "gpt-2")
                        .strings(TOKENS, "a")
                        .strings(MERGES, "abc"));
    }

    @Test
    void piecesNeedAScoreEach() {
        assertRefused(
                SCORES,
                "is missing. Convert the model again",
                keys(2).string(MODEL, "llama").strings(TOKENS, "a", "b"));
    }

    @Test
    void anImpossibleIdIsRefusedWhereItBeginsEveryText() {
        assertRefused(
                "tokenizer.ggml.bos_token_id",
                "is 7, which begins or ends every text, but there are 1 tokens. Convert the model again.",
                keys(6).string(MODEL, "gpt2")
                        .string(PRE, "llama-bpe")
                        .strings(TOKENS, "a")
                        .strings(MERGES)
                        .uint32("tokenizer.ggml.eos_token_id", 9)
                        .uint32("tokenizer.ggml.bos_token_id", 7));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, -1})
    void anImpossibleIdOfARoleThatIsNotUsedIsNoRole(int id) {
        GgufBytes bytes = keys(6).string(MODEL, "gpt2")
                .string(PRE, "gpt-2")
                .strings(TOKENS, "a")
                .strings(MERGES)
                .uint32("tokenizer.ggml.padding_token_id", id)
                .uint32("tokenizer.ggml.bos_token_id", id);
        Path file = SafetensorsBytes.write(directory.resolve("model.gguf"), bytes.bytes());

        assertEquals(Map.of(), GgufTokenizer.read(file).specialTokens());
    }

    @Test
    void aChatTemplateIsAText() {
        assertRefused(
                "tokenizer.chat_template",
                "is 1; allowed: a text",
                keys(5).string(MODEL, "gpt2")
                        .string(PRE, "gpt-2")
                        .strings(TOKENS, "a")
                        .strings(MERGES)
                        .uint32("tokenizer.chat_template", 1));
    }

    private static GgufBytes keys(int more) {
        return GgufBytes.header(0, 1 + more).string("general.architecture", "llama");
    }

    private void assertRefused(String offender, String message, GgufBytes bytes) {
        Path file = SafetensorsBytes.write(directory.resolve("model.gguf"), bytes.bytes());
        InvalidCheckpointException refusal =
                assertThrows(InvalidCheckpointException.class, () -> GgufTokenizer.read(file));
        assertEquals(List.of(offender), refusal.offenders());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }
}
