package dev.stratalens.server.fake;

import dev.stratalens.server.text.ChatTemplate;
import dev.stratalens.server.text.TokenSpelling;
import dev.stratalens.server.text.TokenizedText;
import dev.stratalens.server.text.Tokenizer;
import dev.stratalens.server.text.VocabularyEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One token per byte (ids 0 .. 255), BOS before the text, and some words that only {@link #lookup} knows. Ids beyond the
 * words are padding rows.
 */
public final class FakeTokenizer implements Tokenizer {

    public static final int BOS = 256;
    public static final List<String> WORDS = List.of(" Paris", " Rome", "Paris");
    public static final int FIRST_WORD = BOS + 1;
    public static final int FIRST_UNUSED = FIRST_WORD + WORDS.size();

    @Override
    public TokenizedText encode(String text, boolean addSpecialTokens) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int added = addSpecialTokens ? 1 : 0;
        int[] ids = new int[bytes.length + added];
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        if (addSpecialTokens) {
            ids[0] = BOS;
        }
        for (int i = 0; i < bytes.length; i++) {
            ids[i + added] = Byte.toUnsignedInt(bytes[i]);
            starts[i + added] = i;
            ends[i + added] = i + 1;
        }
        return new TokenizedText(ids, starts, ends);
    }

    @Override
    public OptionalInt lookup(String text) {
        int word = WORDS.indexOf(text);
        return word < 0 ? OptionalInt.empty() : OptionalInt.of(FIRST_WORD + word);
    }

    @Override
    public VocabularyEntry entry(int id) {
        if (id < BOS) {
            return new VocabularyEntry(id, Integer.toString(id), new byte[] {(byte) id}, true);
        }
        if (id == BOS) {
            return new VocabularyEntry(id, "<s>", "<s>".getBytes(StandardCharsets.UTF_8), false);
        }
        if (id < FIRST_UNUSED) {
            String word = WORDS.get(id - FIRST_WORD);
            return new VocabularyEntry(id, word, word.getBytes(StandardCharsets.UTF_8), true);
        }
        return new VocabularyEntry(id, "", new byte[0], true);
    }

    @Override
    public TokenSpelling spelling() {
        return TokenSpelling.BYTE_LEVEL;
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    /** The ids of a text without special tokens. */
    public static int[] ids(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        Arrays.setAll(ids, i -> Byte.toUnsignedInt(bytes[i]));
        return ids;
    }
}
