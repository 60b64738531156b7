package dev.stratalens.server.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.server.error.InvalidCheckpointException;
import dev.stratalens.server.error.InvalidCheckpointException.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A {@code tokenizer.json}, applied by the tokenizers library. */
public final class JsonTokenizer implements Tokenizer {

    private static final String FILE = "tokenizer.json";
    private static final long MAXIMUM_BYTES = 200_000_000;

    private static final String CONVERSION =
            "python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\"";

    /** The file may ask to cut or fill up texts; the lens reads them as they are. */
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        // Else DJL reports its use, and may fetch another build of the library.
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;

    private JsonTokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads a checkpoint directory's tokenizer.
     *
     * @throws InvalidCheckpointException if there is none, or it cannot be used
     */
    public static JsonTokenizer open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw missing(directory);
        }
        try {
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw fault("has %,d bytes; at most %,d are read".formatted(Files.size(file), MAXIMUM_BYTES));
            }
            byte[] json = Files.readAllBytes(file);
            Vocabulary vocabulary = vocabulary(json);
            return new JsonTokenizer(tokenizer(json), vocabulary);
        } catch (IOException e) {
            throw fault("cannot be read (%s). Check its permissions and the disk"
                    .formatted(e.getClass().getSimpleName()));
        }
    }

    private static Vocabulary vocabulary(byte[] json) throws IOException {
        try {
            return VocabularyReader.read(
                    new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()));
        } catch (MalformedJsonException | EOFException | CharacterCodingException e) {
            throw InvalidCheckpointException.malformed(Problem.TOKENIZER, FILE, "a tokenizer", e);
        }
    }

    private static HuggingFaceTokenizer tokenizer(byte[] json) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (EngineException e) {
            // The library itself is missing: nothing is wrong with the checkpoint.
            throw e;
        } catch (RuntimeException e) {
            throw fault("is not understood: %s. It may be damaged, or written by a newer tokenizers library"
                    .formatted(e.getMessage()));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws InvalidCheckpointException if the text has characters that the vocabulary neither holds nor replaces
     * @throws IllegalArgumentException if the text has half a surrogate pair and so no UTF-8
     */
    @Override
    public TokenizedText encode(String text, boolean addSpecialTokens) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("The text has half a surrogate pair, which is no character.");
        }
        return ByteRanges.locate(vocabulary, text, apply(text, addSpecialTokens));
    }

    private Encoding apply(String text, boolean addSpecialTokens) {
        try {
            return tokenizer.encode(text, addSpecialTokens, false);
        } catch (IllegalStateException e) {
            // Closed: the caller's mistake.
            throw e;
        } catch (RuntimeException e) {
            throw fault("has no way to write the text: " + e.getMessage());
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
    public TokenSpelling spelling() {
        return vocabulary.spelling();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static InvalidCheckpointException missing(Path directory) {
        String older = Files.exists(directory.resolve("merges.txt")) ? "vocab.json and merges.txt" : "tokenizer.model";
        boolean isThere =
                Stream.of("merges.txt", "tokenizer.model").anyMatch(name -> Files.exists(directory.resolve(name)));
        return fault(
                isThere
                        ? "is missing; %s cannot be read instead yet. Convert with: %s".formatted(older, CONVERSION)
                        : "is missing. Copy it from where the weights come from");
    }

    static InvalidCheckpointException fault(String what) {
        return new InvalidCheckpointException(Problem.TOKENIZER, FILE, List.of(), "%s %s.".formatted(FILE, what));
    }
}
