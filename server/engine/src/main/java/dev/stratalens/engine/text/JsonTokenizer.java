package dev.stratalens.engine.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.common.base.Suppliers;
import com.google.common.hash.Hashing;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A tokenizer from a {@code tokenizer.json}, applied by the tokenizers library. */
public final class JsonTokenizer implements Tokenizer {

    /** Ignore truncation and padding of the file; the lens reads texts unchanged. */
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        // Otherwise DJL reports its use, and may fetch another build of the library.
        System.setProperty("ai.djl.offline", "true");
    }

    private final String file;
    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final int longestToken;
    private final String digest;
    private final Optional<ChatTemplate> chatTemplate;
    private final OptionalInt endOfText;
    private final Supplier<TokenSet> words;

    private JsonTokenizer(TokenizerDefinition definition, HuggingFaceTokenizer tokenizer, Vocabulary vocabulary) {
        this.file = definition.file();
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.longestToken = vocabulary.longestEntry();
        this.digest = Hashing.sha256().hashBytes(definition.json()).toString();
        this.chatTemplate = ChatTemplate.of(definition);
        String end = definition.specialTokens().get("eos_token");
        this.endOfText = end == null ? OptionalInt.empty() : vocabulary.lookup(end);
        this.words = Suppliers.memoize(vocabulary::words);
    }

    /**
     * Reads a checkpoint directory's tokenizer.
     *
     * @throws InvalidCheckpointException if there is none, or it cannot be used
     */
    public static JsonTokenizer open(Path directory) {
        return of(TokenizerDirectory.read(directory));
    }

    /**
     * Creates a tokenizer from a definition that is not in a directory.
     *
     * @throws InvalidCheckpointException if it cannot be used
     */
    public static JsonTokenizer of(TokenizerDefinition definition) {
        var normalized = new NormalizedTokens();
        Vocabulary vocabulary = vocabulary(definition, normalized);
        return new JsonTokenizer(definition, tokenizer(definition, normalized), vocabulary);
    }

    private static Vocabulary vocabulary(TokenizerDefinition definition, NormalizedTokens normalized) {
        var json = new ByteArrayInputStream(definition.json());
        try {
            return VocabularyReader.read(
                    definition.file(), new InputStreamReader(json, StandardCharsets.UTF_8.newDecoder()), normalized);
        } catch (IOException e) {
            throw InvalidCheckpointException.malformed(Problem.TOKENIZER, definition.file(), "a tokenizer", e);
        }
    }

    private static HuggingFaceTokenizer tokenizer(TokenizerDefinition definition, NormalizedTokens normalized) {
        Optional<String> lost;
        try {
            lost = normalized.firstLost();
            if (lost.isEmpty()) {
                return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(definition.json()), OPTIONS);
            }
        } catch (EngineException e) {
            // The library itself is missing; the checkpoint is not at fault.
            throw e;
        } catch (IOException | RuntimeException e) {
            throw TokenizerDefinition.fault(
                    definition.file(),
                    "is not understood: %s. It may be damaged, or written by a newer tokenizers library"
                            .formatted(e.getMessage()));
        }
        throw TokenizerDefinition.fault(
                definition.file(),
                "cannot be used: its normalizer leaves nothing of the added token \"%s\". Set that token's normalized to false"
                        .formatted(lost.orElseThrow()));
    }

    /**
     * {@inheritDoc}
     *
     * @throws InvalidCheckpointException if the text has characters that the vocabulary neither has nor replaces
     * @throws dev.stratalens.engine.error.MemoryLimitExceededException if reading it would take too much of the Java heap
     * @throws IllegalArgumentException if the text has half of a surrogate pair, and so no UTF-8 form
     */
    @Override
    public TokenizedText encode(String text, boolean addSpecialTokens) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("The text has half of a surrogate pair, which is not a character.");
        }
        try {
            return TextMemory.OF_PROCESS.reading(
                    text, () -> ByteRanges.locate(vocabulary, text, apply(text, addSpecialTokens)));
        } catch (ArithmeticException e) {
            throw TokenizerDefinition.fault(
                    file, "has a template with an id beyond every vocabulary. Use the original model's tokenizer");
        }
    }

    private Encoding apply(String text, boolean addSpecialTokens) {
        try {
            return tokenizer.encode(text, addSpecialTokens, false);
        } catch (IllegalStateException e) {
            // Closed: a mistake of the caller.
            throw e;
        } catch (RuntimeException e) {
            throw TokenizerDefinition.fault(file, "has no way to write the text: " + e.getMessage());
        }
    }

    @Override
    public OptionalInt lookup(String text) {
        return vocabulary.lookup(text);
    }

    @Override
    public VocabularyEntry entry(int id) {
        return vocabulary.entry(id);
    }

    @Override
    public TokenSet words() {
        return words.get();
    }

    @Override
    public int longestToken() {
        return longestToken;
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public TokenSpelling spelling() {
        return vocabulary.spelling();
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return chatTemplate;
    }

    @Override
    public OptionalInt endOfText() {
        return endOfText;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
