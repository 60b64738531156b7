package dev.stratalens.engine.text;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** In place of the tokenizer of a model that has none, such as a toy model: prompts are token ids, and tokens have no text. */
public record NoTokenizer() implements Tokenizer {

    /** Whether a directory has no tokenizer, in any form. */
    public static boolean isAllThereIs(Path directory) {
        return TokenizerDirectory.isEmpty(new DirectoryFiles(directory));
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.stratalens.engine.error.InvalidCheckpointException always
     */
    @Override
    public TokenizedText encode(String text, boolean addSpecialTokens) {
        throw TokenizerDefinition.fault(
                TokenizerDirectory.TOKENIZER,
                "is missing, so the model reads no texts. Send token ids, or copy the tokenizer from the source of the weights");
    }

    @Override
    public OptionalInt lookup(String text) {
        return OptionalInt.empty();
    }

    @Override
    public VocabularyEntry entry(int id) {
        return new VocabularyEntry(id, "", new byte[0], true);
    }

    @Override
    public int longestToken() {
        return 1;
    }

    @Override
    public TokenSpelling spelling() {
        return TokenSpelling.PLAIN;
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
