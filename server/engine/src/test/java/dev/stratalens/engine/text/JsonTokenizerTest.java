package dev.stratalens.engine.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.text.RecordedTexts.Expected;
import dev.stratalens.engine.text.RecordedTexts.LongText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTokenizerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "byte-level",
                "byte-level-composed",
                "added-tokens",
                "metaspace",
                "metaspace-first",
                "metaspace-unprefixed",
                "unigram",
                "unigram-bytes",
                "old-gpt2",
                "old-gpt2-spaced",
                "old-opt",
                "old-codegen",
                "old-qwen2",
                "old-gpt-neox"
            })
    void idsAreThoseOfTheReferenceOnHostileTexts(String kind) {
        List<Expected> texts = RecordedTexts.read(kind);
        assertTrue(texts.size() > 300);
        try (Tokenizer tokenizer = open(kind)) {
            for (Expected expected : texts) {
                assertArrayEquals(
                        expected.ids(), tokenizer.encode(expected.text(), false).ids(), expected::text);
                assertArrayEquals(
                        expected.templated(),
                        tokenizer.encode(expected.text(), true).ids(),
                        expected::text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "added-tokens", "metaspace", "unigram", "old-gpt2"})
    void idsAreThoseOfTheReferenceOnAHundredThousandCharacters(String kind) {
        try (Tokenizer tokenizer = open(kind)) {
            for (LongText expected : RecordedTexts.readLong(kind)) {
                int[] ids = tokenizer.encode(expected.text(), true).ids();
                assertEquals(expected.length(), ids.length, expected.unit());
                assertEquals(expected.sha256(), LongText.hash(ids), expected.unit());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"byte-level, false, <|begin|>", "byte-level-composed, true, <|end|>"})
    void besideATokenizerJsonTheSettingsAddNoTokens(String kind, boolean addBos, String bos, @TempDir Path directory)
            throws IOException {
        Files.copy(
                RecordedTexts.DIRECTORY.resolve(kind).resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"add_bos_token": %b, "add_eos_token": %b, "bos_token": "%s", "eos_token": "%s"}""".formatted(addBos, addBos, bos, bos));
        try (Tokenizer tokenizer = JsonTokenizer.open(directory);
                Tokenizer alone = open(kind)) {
            assertArrayEquals(
                    alone.encode("the word", true).ids(),
                    tokenizer.encode("the word", true).ids());
        }
    }

    /** Finds the token of each byte, then whole characters. Shares only the bytes of entries with production code. */
    @Test
    void byteRangesOfAByteLevelVocabularyAreTheWholeCharactersThatEachTokenHasBytesOf() {
        try (Tokenizer tokenizer = open("byte-level")) {
            for (Expected expected : RecordedTexts.read("byte-level")) {
                TokenizedText tokens = tokenizer.encode(expected.text(), false);
                int[] characterOfByte = characterOfByte(expected.text());
                int next = 0;
                for (int i = 0; i < tokens.ids().length; i++) {
                    int length = tokenizer.entry(tokens.ids()[i]).bytes().length;
                    assertEquals(characterStart(characterOfByte, next), tokens.starts()[i], expected.text());
                    next += length;
                    assertEquals(characterEnd(characterOfByte, next - 1), tokens.ends()[i], expected.text());
                }
                assertEquals(characterOfByte.length, next, "the tokens' bytes are the text");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"metaspace", "metaspace-first", "metaspace-unprefixed", "unigram", "unigram-bytes"})
    void byteRangesOfOtherVocabulariesAreTheReferencesCodePointsInBytes(String kind) {
        try (Tokenizer tokenizer = open(kind)) {
            for (Expected expected : RecordedTexts.read(kind)) {
                TokenizedText tokens = tokenizer.encode(expected.text(), false);
                for (int i = 0; i < tokens.ids().length; i++) {
                    assertEquals(byteOffset(expected.text(), expected.offsets()[2 * i]), tokens.starts()[i]);
                    assertEquals(byteOffset(expected.text(), expected.offsets()[2 * i + 1]), tokens.ends()[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"byte-level, 0, 1", "metaspace, 0, 1", "unigram, 1, 0"})
    void tokensThatATemplateAddsHaveEmptyRangesAtTheirPlace(String kind, int before, int after) {
        String text = "café </s>";
        try (Tokenizer tokenizer = open(kind)) {
            TokenizedText plain = tokenizer.encode(text, false);
            TokenizedText templated = tokenizer.encode(text, true);
            int count = templated.ids().length;

            int added = before == 1 ? count - 1 : 0;
            int place = before == 1 ? text.getBytes(UTF_8).length : 0;
            assertEquals(plain.ids().length + 1, count);
            assertEquals(place, templated.starts()[added]);
            assertEquals(place, templated.ends()[added]);
            assertArrayEquals(plain.starts(), Arrays.copyOfRange(templated.starts(), after, after + count - 1));
            assertArrayEquals(plain.ends(), Arrays.copyOfRange(templated.ends(), after, after + count - 1));
        }
    }

    @Test
    void aSpecialTokensTextInThePromptIsThatTokenWithARange() {
        try (Tokenizer tokenizer = open("byte-level")) {
            TokenizedText tokens = tokenizer.encode("é<|end|>", false);

            int last = tokens.ids().length - 1;
            assertEquals("<|end|>", tokenizer.entry(tokens.ids()[last]).spelling());
            assertEquals(2, tokens.starts()[last]);
            assertEquals(9, tokens.ends()[last]);
        }
    }

    @Test
    void aTokenThatIsTrimmedByTheLibraryKeepsItsSpace() {
        try (Tokenizer tokenizer = open("byte-level")) {
            TokenizedText tokens = tokenizer.encode("x capital", false);

            int last = tokens.ids().length - 1;
            assertEquals("Ġcapital", tokenizer.entry(tokens.ids()[last]).spelling());
            assertEquals(1, tokens.starts()[last]);
        }
    }

    @Test
    void fragmentsOfACharacterShareItsRange() {
        try (Tokenizer tokenizer = open("metaspace")) {
            TokenizedText tokens = tokenizer.encode("a東", false);

            int count = tokens.ids().length;
            assertArrayEquals(new int[] {1, 1, 1}, Arrays.copyOfRange(tokens.starts(), count - 3, count));
            assertArrayEquals(new int[] {4, 4, 4}, Arrays.copyOfRange(tokens.ends(), count - 3, count));
        }
    }

    @Test
    void aFileThatAsksForTruncationAndPaddingIsNotObeyed() {
        try (Tokenizer tokenizer = open("byte-level")) {
            assertTrue(tokenizer
                            .encode("The capital of France is Paris. ".repeat(50), true)
                            .ids()
                            .length
                    > 300);
            assertEquals(0, tokenizer.encode("", false).ids().length);
        }
    }

    @Test
    void halfASurrogatePairIsRefusedBecauseItHasNoBytes() {
        try (Tokenizer tokenizer = open("byte-level")) {
            assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("a\ud83d", false));
        }
    }

    @Test
    void threadsGetEqualResults() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = open("metaspace")) {
            String text = "The café in 東京 🙂 ".repeat(50);
            int[] expected = tokenizer.encode(text, true).ids();
            List<Future<TokenizedText>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(threads.submit(() -> tokenizer.encode(text, true)));
            }
            for (Future<TokenizedText> result : results) {
                assertArrayEquals(expected, result.get().ids());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static JsonTokenizer open(String kind) {
        return JsonTokenizer.open(RecordedTexts.DIRECTORY.resolve(kind));
    }

    private static int byteOffset(String text, int codePoints) {
        return text.substring(0, text.offsetByCodePoints(0, codePoints)).getBytes(UTF_8).length;
    }

    /** For each byte of a text's UTF-8 the number of its character. */
    private static int[] characterOfByte(String text) {
        List<Integer> characters = new ArrayList<>();
        int[] codePoints = text.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            for (byte ignored : Character.toString(codePoints[i]).getBytes(UTF_8)) {
                characters.add(i);
            }
        }
        return characters.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int characterStart(int[] characterOfByte, int index) {
        int start = index;
        while (start > 0 && characterOfByte[start - 1] == characterOfByte[index]) {
            start--;
        }
        return start;
    }

    private static int characterEnd(int[] characterOfByte, int index) {
        int end = index;
        while (end < characterOfByte.length && characterOfByte[end] == characterOfByte[index]) {
            end++;
        }
        return end;
    }
}
