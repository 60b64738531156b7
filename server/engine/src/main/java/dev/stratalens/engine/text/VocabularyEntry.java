package dev.stratalens.engine.text;

/**
 * What an id stands for.
 *
 * @param id the id
 * @param spelling as the vocabulary writes it; empty for an id that the tokenizer does not know
 * @param bytes what it stands for, possibly part of a UTF-8 character; empty for an unknown id. Not copied: read-only.
 * @param regular whether the spelling is what {@link Tokenizer#spelling()} derives from the bytes
 */
public record VocabularyEntry(int id, String spelling, byte[] bytes, boolean regular) {}
