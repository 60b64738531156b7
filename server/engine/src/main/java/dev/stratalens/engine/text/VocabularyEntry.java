package dev.stratalens.engine.text;

/**
 * A vocabulary entry.
 *
 * @param id the id
 * @param spelling spelling in the vocabulary; empty for an id that the tokenizer does not know
 * @param bytes its bytes, possibly part of a UTF-8 character; empty for an unknown id. Not copied: read-only.
 * @param regular whether the spelling follows {@link Tokenizer#spelling()}
 */
public record VocabularyEntry(int id, String spelling, byte[] bytes, boolean regular) {}
