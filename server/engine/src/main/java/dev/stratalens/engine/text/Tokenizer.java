package dev.stratalens.engine.text;

import java.util.Optional;
import java.util.OptionalInt;

/** The tokenizer of a model. Thread-safe; closed with its model. */
public interface Tokenizer extends AutoCloseable {

    /**
     * Encodes a text unchanged: nothing is trimmed, truncated or padded.
     *
     * @param addSpecialTokens whether the tokenizer's own template (BOS and the like) applies
     */
    TokenizedText encode(String text, boolean addSpecialTokens);

    /**
     * The vocabulary entry for exactly this text; a leading space stands for the vocabulary's own mark.
     *
     * @return its id, or empty if the text is not a single entry
     */
    OptionalInt lookup(String text);

    /**
     * Spelling and bytes of an id.
     *
     * @param id 0 .. V-1; an id beyond the tokenizer's vocabulary returns an entry without bytes
     */
    VocabularyEntry entry(int id);

    /**
     * Ids of words: tokens with a letter or a digit in their text. Special tokens and others that were added to the vocabulary are
     * none.
     */
    default TokenSet words() {
        return TokenSet.NONE;
    }

    /** Most bytes of a text that one token can stand for. */
    int longestToken();

    /** The spelling of bytes in this vocabulary. */
    TokenSpelling spelling();

    /** SHA-256 of its definition in hexadecimal; empty where there is none. */
    default String digest() {
        return "";
    }

    /** The chat template of the model; empty if it is not a chat model. */
    Optional<ChatTemplate> chatTemplate();

    @Override
    void close();
}
