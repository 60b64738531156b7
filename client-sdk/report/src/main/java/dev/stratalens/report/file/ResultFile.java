package dev.stratalens.report.file;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.report.file.Section.ValueReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/**
 * A file with one result. Keys may come in any order, so everything is parsed before the result is built.
 *
 * @param format its name in errors
 * @param schema its keys
 * @param contents builds the result
 */
record ResultFile(String format, Map<String, ValueReader> schema, Contents contents) {

    /** Checks the parsed file and builds a result. */
    interface Contents {
        ResultColumns toResult(Section file) throws LensFileException;
    }

    ResultColumns read(Reader in) throws IOException {
        JsonReader json = new JsonReader(in);
        json.setStrictness(Strictness.STRICT);
        try {
            Section file = Section.read(json, schema);
            var end = json.peek(); // refuses text after the object
            assert end == JsonToken.END_DOCUMENT;
            return contents.toResult(file);
        } catch (MalformedJsonException
                | EOFException
                | JsonParseException
                | IllegalStateException
                | IllegalArgumentException e) {
            throw new LensFileException("no readable " + format + " file: " + reason(e), e);
        }
    }

    /** Gson's message without its advice to programmers. */
    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage())
                .replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "malformed JSON");
        int end = message.indexOf("\nSee ");
        return end < 0 ? message : message.substring(0, end);
    }
}
