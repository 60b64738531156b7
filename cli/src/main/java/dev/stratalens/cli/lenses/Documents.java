package dev.stratalens.cli.lenses;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.stratalens.cli.failure.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The documents of a file: a line each. In a {@code .jsonl} file, a line is a JSON string, or an object with {@code text}. */
final class Documents {

    private static final String JSON_LINES = ".jsonl";
    private static final String TEXT = "text";

    private Documents() {}

    /** Reads all; empty lines are left out.
     *
     * @throws CliException if a line is not a document, or the file is not UTF-8 */
    static List<String> read(Path file) throws IOException {
        boolean json = file.toString().endsWith(JSON_LINES);
        List<String> documents = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    documents.add(json ? text(file, number, line) : line);
                }
            }
        } catch (CharacterCodingException e) {
            throw CliException.usage("--text: %s is not UTF-8. Convert it first.".formatted(file));
        }
        return documents;
    }

    private static String text(Path file, int number, String line) {
        try {
            JsonElement read = JsonParser.parseString(line);
            JsonElement text = read.isJsonObject() ? read.getAsJsonObject().get(TEXT) : read;
            if (text instanceof JsonPrimitive primitive && primitive.isString()) {
                return primitive.getAsString();
            }
        } catch (JsonParseException e) {
            // As any other line that is not a document.
        }
        throw CliException.usage("--text: line %d of %s is neither a JSON string nor an object with \"%s\"."
                .formatted(number, file, TEXT));
    }
}
