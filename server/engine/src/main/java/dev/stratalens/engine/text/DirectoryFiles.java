package dev.stratalens.engine.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a tokenizer's files; every fault is an {@link InvalidCheckpointException} that names the file. */
record DirectoryFiles(Path directory) {

    private static final long MAXIMUM_BYTES = 200_000_000;

    boolean has(String file) {
        return Files.isRegularFile(directory.resolve(file));
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
            throw TokenizerDefinition.fault(
                    file,
                    "cannot be read (%s). Check its permissions and the disk"
                            .formatted(e.getClass().getSimpleName()));
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

    /** The file's object; empty if there is no such file. */
    JsonObject object(String file) {
        return has(file) ? parse(file, text(file)) : new JsonObject();
    }

    private static JsonObject parse(String file, String text) {
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = JsonParser.parseReader(json);
            if (element instanceof JsonObject object && json.peek() == JsonToken.END_DOCUMENT) {
                return object;
            }
            throw new JsonParseException("no object, or more than one");
        } catch (IOException | RuntimeException e) {
            throw InvalidCheckpointException.malformed(Problem.TOKENIZER, file, "a JSON object", e);
        }
    }
}
