package dev.stratalens.engine.text;

import java.util.Optional;
import java.util.OptionalInt;

/** Reads text as one model does. Thread-safe; closed with its model. */
public interface Tokenizer extends AutoCloseable {

    /**
     * Encodes a text as it is: nothing is trimmed, truncated or padded.
     *
     * @param addSpecialTokens whether the tokenizer's own template (BOS and the like) applies
     */
    TokenizedText encode(String text, boolean addSpecialTokens);

    /**
     * The vocabulary entry that stands for exactly this text, where a leading space stands for the vocabulary's own mark.
     *
     * @return its id, or empty if the text is no single entry
     */
    OptionalInt lookup(String text);

    /**
     * Spelling and bytes of an id.
     *
     * @param id 0 .. V-1; an id beyond the tokenizer's vocabulary gives an entry of no bytes
     */
    VocabularyEntry entry(int id);

    /** How this vocabulary spells bytes. */
    TokenSpelling spelling();

    /** How chats are written for the model; empty if it is no chat model. */
    Optional<ChatTemplate> chatTemplate();

    @Override
    void close();
}
