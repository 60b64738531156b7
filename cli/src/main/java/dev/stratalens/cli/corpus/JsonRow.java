package dev.stratalens.cli.corpus;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row as JSON: an object, of which only the asked members are read, or a string, which is the text. */
record JsonRow(CorpusColumns columns) implements LineRows.Line {

    @Override
    public Optional<CorpusRow> row(String line) {
        return row(parse(line));
    }

    /** @throws CliException if it is not a row */
    Optional<CorpusRow> row(JsonElement read) {
        if (read instanceof JsonPrimitive text && text.isString()) {
            return columns.row(
                    name -> name.equals(columns.text()) ? Optional.of(text.getAsString()) : Optional.empty());
        }
        if (read instanceof JsonObject object && object.has(columns.text())) {
            return columns.row(name -> value(object, name));
        }
        throw notARow(null);
    }

    private JsonElement parse(String line) {
        JsonReader json = new JsonReader(new StringReader(line));
        json.setStrictness(Strictness.STRICT);
        try {
            JsonElement read = JsonParser.parseReader(json);
            if (json.peek() == JsonToken.END_DOCUMENT) {
                return read;
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw notARow(e);
        }
        throw notARow(null);
    }

    private CliException notARow(@Nullable Exception cause) {
        String words = "is neither a JSON string nor an object with \"%s\"; --text-column names another member."
                .formatted(columns.text());
        return cause == null ? CliException.usage(words) : new CliException(ExitCode.USAGE, words, cause);
    }

    private static Optional<String> value(JsonObject object, String name) {
        JsonElement value = object.get(name);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive plain) {
            return Optional.of(plain.getAsString());
        }
        throw CliException.usage("\"%s\" is neither text nor a number.".formatted(name));
    }
}
