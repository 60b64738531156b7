package dev.stratalens.server.text;

import dev.stratalens.server.error.InvalidCheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the tokenizer among a checkpoint's files. */
final class TokenizerDirectory {

    static final String TOKENIZER = "tokenizer.json";
    private static final long MAXIMUM_BYTES = 200_000_000;

    private static final String CONVERSION =
            "python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\"";

    private final Path directory;

    private TokenizerDirectory(Path directory) {
        this.directory = directory;
    }

    /** @throws InvalidCheckpointException if there is no tokenizer, or its files cannot be read */
    static TokenizerDefinition read(Path directory) {
        return new TokenizerDirectory(directory).read();
    }

    private TokenizerDefinition read() {
        if (!isThere(TOKENIZER)) {
            throw missing();
        }
        return new TokenizerDefinition(TOKENIZER, bytes(TOKENIZER), Map.of(), Map.of());
    }

    private boolean isThere(String file) {
        return Files.isRegularFile(directory.resolve(file));
    }

    private byte[] bytes(String file) {
        Path path = directory.resolve(file);
        try {
            if (Files.size(path) > MAXIMUM_BYTES) {
                throw TokenizerDefinition.fault(
                        file, "has %,d bytes; at most %,d are read".formatted(Files.size(path), MAXIMUM_BYTES));
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw TokenizerDefinition.fault(
                    file,
                    "cannot be read (%s). Check its permissions and the disk"
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    private InvalidCheckpointException missing() {
        String older = isThere("merges.txt") ? "vocab.json and merges.txt" : "tokenizer.model";
        return TokenizerDefinition.fault(
                TOKENIZER,
                Stream.of("merges.txt", "tokenizer.model").anyMatch(this::isThere)
                        ? "is missing; %s cannot be read instead yet. Convert with: %s".formatted(older, CONVERSION)
                        : "is missing. Copy it from where the weights come from");
    }
}
