package dev.stratalens.engine.text;

import com.google.gson.JsonObject;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads a tokenizer's files; every fault is an {@link InvalidCheckpointException} that names the file. */
record DirectoryFiles(Path directory) {

    private static final long MAXIMUM_BYTES = 200_000_000;

    boolean has(String file) {
        return Files.isRegularFile(directory.resolve(file));
    }

    /** Names of the files of a folder with this ending, in order; none if there is no such folder. */
    List<String> ending(String folder, String ending) {
        Path path = directory.resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.TOKENIZER, path, e);
        }
    }

    byte[] bytes(String file) {
        Path path = directory.resolve(file);
        try {
            if (Files.size(path) > MAXIMUM_BYTES) {
                throw TokenizerDefinition.fault(
                        file, "has %,d bytes; at most %,d are read".formatted(Files.size(path), MAXIMUM_BYTES));
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.TOKENIZER, path, e);
        }
    }

    String text(String file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw InvalidCheckpointException.malformed(Problem.TOKENIZER, file, "UTF-8 text", e);
        }
    }

    /** The JSON object of a file; empty if the file does not exist. */
    JsonObject object(String file) {
        return has(file) ? JsonFile.object(Problem.TOKENIZER, file, text(file)) : new JsonObject();
    }
}
