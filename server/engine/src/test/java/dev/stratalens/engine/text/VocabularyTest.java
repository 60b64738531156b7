package dev.stratalens.engine.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

    private static final String BYTE_LEVEL = """
            {"added_tokens": [{"id": 5, "content": "<|é end|>", "special": true}, {"id": 6, "content": "  "}],
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}]},
             "model": {"vocab": {"Paris": 0, "ĠParis": 1, "Ã©": 2, "æĿ": 3, "é東": 4}}}""";

    private static final String METASPACE = """
            {"model": {"vocab": {"<s>": 0, "▁Paris": 1, "Paris": 2, "<0x41>": 3, "<0xE6>": 4, "A": 5, "<0x0A>": 6, "▁▁": 7}},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}]},
             "added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 7, "content": "▁▁", "special": false},
                              {"id": 8, "content": "a b", "special": false}]}""";

    @ParameterizedTest
    @CsvSource({
        "0, 'Paris', Paris, true",
        "1, ' Paris', ĠParis, true",
        "2, é, Ã©, true",
        "4, é東, é東, false",
        "5, '<|é end|>', '<|é end|>', false",
        "6, '  ', '  ', false"
    })
    void aByteLevelEntryStandsForTheBytesOfItsCharacters(int id, String text, String spelling, boolean regular)
            throws IOException {
        assertEntry(read(BYTE_LEVEL), id, text, spelling, regular);
    }

    @Test
    void aByteLevelEntryMayBePartOfACharacter() throws IOException {
        VocabularyEntry entry = read(BYTE_LEVEL).entry(3);

        assertArrayEquals(new byte[] {(byte) 0xE6, (byte) 0x9D}, entry.bytes());
        assertTrue(entry.regular());
    }

    @Test
    void theByteAlphabetIsOneToOneOverAllBytes() {
        byte[] all = new byte[256];
        for (int value = 0; value < 256; value++) {
            all[value] = (byte) value;
        }

        String spelling = ByteAlphabet.spell(all);

        assertEquals(256, spelling.chars().distinct().count());
        assertArrayEquals(all, ByteAlphabet.bytes(spelling).orElseThrow());
        assertEquals("ĠĊĉ", ByteAlphabet.spell(" \n\t".getBytes(UTF_8)));
        assertEquals(Optional.empty(), ByteAlphabet.bytes("\u0143\u0144"));
        assertEquals(Optional.empty(), ByteAlphabet.bytes(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "0, <s>, <s>, true",
        "1, ' Paris', ▁Paris, true",
        "2, Paris, Paris, true",
        "3, A, <0x41>, false",
        "5, A, A, true",
        "7, '  ', ▁▁, true",
        "8, a b, a b, false"
    })
    void aSentencepieceEntryStandsForItsTextWithSpaces(int id, String text, String spelling, boolean regular)
            throws IOException {
        assertEntry(read(METASPACE), id, text, spelling, regular);
    }

    @Test
    void aByteFallbackIsOneByteAndIrregular() throws IOException {
        VocabularyEntry entry = read(METASPACE).entry(4);

        assertArrayEquals(new byte[] {(byte) 0xE6}, entry.bytes());
        assertFalse(entry.regular());
    }

    @Test
    void aVocabularyWithoutMarksIsPlain() throws IOException {
        Vocabulary vocabulary = read("{\"model\": {\"vocab\": {\"▁a\": 0, \"Ġ\": 1}}}");

        assertEquals(TokenSpelling.PLAIN, vocabulary.spelling());
        assertEntry(vocabulary, 0, "▁a", "▁a", true);
        assertEquals(OptionalInt.empty(), vocabulary.lookup(" a"));
    }

    @Test
    void piecesInAListAreNumberedByPlace() throws IOException {
        Vocabulary vocabulary = read(
                "{\"pre_tokenizer\": {\"type\": \"Metaspace\"}, \"model\": {\"vocab\": [[\"<unk>\", 0], [\"▁a\", -1.5]]}}");

        assertEquals(TokenSpelling.METASPACE, vocabulary.spelling());
        assertEntry(vocabulary, 1, " a", "▁a", true);
    }

    @Test
    void idsWithoutAnEntryHaveNoBytes() throws IOException {
        Vocabulary vocabulary = read("{\"model\": {\"vocab\": {\"a\": 0, \"c\": 2}}}");

        assertEntry(vocabulary, 1, "", "", true);
        assertEntry(vocabulary, 3, "", "", true);
        assertEntry(vocabulary, 1_000_000, "", "", true);
    }

    @ParameterizedTest
    @CsvSource({
        "Paris, 0",
        "' Paris', 1",
        "é, 2",
        "'<|é end|>', 5",
        "'  ', 6",
        "é東, 4",
        "'', -1",
        "Par, -1",
        "ĠParis, -1"
    })
    void aTextIsLookedUpAsAWholeByteLevelEntry(String text, int id) throws IOException {
        assertLookup(read(BYTE_LEVEL), text, id);
    }

    @ParameterizedTest
    @CsvSource({"Paris, 2", "' Paris', 1", "A, 5", "<s>, 0", "a b, 8", "'  ', 7", "<0x41>, -1", "▁Paris, -1", "É, -1"})
    void aTextIsLookedUpAsAWholeSentencepieceEntry(String text, int id) throws IOException {
        assertLookup(read(METASPACE), text, id);
    }

    @Test
    void aControlCharacterIsFoundAsItsByte() throws IOException {
        assertLookup(read(METASPACE), "\n", 6);
    }

    /** The library gives a token that the model does not have the id after the last one, whatever the file says. */
    @Test
    void addedTokensHaveTheIdsThatTheLibraryGivesThem() throws IOException {
        Vocabulary vocabulary = read("""
                {"added_tokens": [{"id": 9, "content": "b"}, {"id": 9, "content": "x"}, {"id": 30, "content": "y"}],
                 "model": {"vocab": {"a": 0, "b": 1}}}""");

        assertEquals("b", vocabulary.entry(1).spelling());
        assertEquals("x", vocabulary.entry(2).spelling());
        assertEquals("y", vocabulary.entry(3).spelling());
        assertEquals("", vocabulary.entry(30).spelling());
    }

    private static void assertEntry(Vocabulary vocabulary, int id, String text, String spelling, boolean regular) {
        VocabularyEntry entry = vocabulary.entry(id);
        assertEquals(id, entry.id());
        assertEquals(spelling, entry.spelling());
        assertEquals(text, new String(entry.bytes(), UTF_8));
        assertEquals(regular, entry.regular());
    }

    private static void assertLookup(Vocabulary vocabulary, String text, int id) {
        assertEquals(id < 0 ? OptionalInt.empty() : OptionalInt.of(id), vocabulary.lookup(text));
    }

    private static Vocabulary read(String json) throws IOException {
        return VocabularyReader.read("tokenizer.json", new StringReader(json), new NormalizedTokens());
    }
}
