package dev.stratalens.cli.batch;

import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensFileException;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a line of results begins, which is all that the next run needs of it.
 *
 * @param id of the prompt
 * @param fingerprint of what was asked
 * @param failed whether an error follows, not a result
 */
public record ResultLine(String id, String fingerprint, boolean failed) {

    /** No beginning is longer: each character of an id takes 6 bytes at most. */
    static final int LONGEST_HEAD = 6 * BatchPrompt.LONGEST_ID + 128;

    private static final Pattern HEAD = Pattern.compile(
            "\\{\"id\":(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"),\"request\":\"([0-9a-f]{32})\",\"(result|error)\":\\{");

    /** Reads the beginning of a line; empty if {@link #write} did not write it. */
    public static Optional<ResultLine> read(String head) {
        Matcher matcher = HEAD.matcher(head);
        return matcher.lookingAt()
                ? Optional.of(new ResultLine(
                        JsonParser.parseString(matcher.group(1)).getAsString(),
                        matcher.group(2),
                        matcher.group(3).equals("error")))
                : Optional.empty();
    }

    /**
     * The result of a whole line that begins like one with a result.
     *
     * @throws LensFileException if what follows is not one
     */
    public static LensResult result(String line) throws IOException {
        Matcher matcher = HEAD.matcher(line);
        if (!matcher.lookingAt() || !line.endsWith("}}")) {
            throw new LensFileException("the line does not end as it should", null);
        }
        return LensJson.read(new StringReader(line.substring(matcher.end() - 1, line.length() - 1)));
    }

    /** Whether a line that begins like this may be one that was broken off. */
    static boolean isBeginning(String head) {
        Matcher matcher = HEAD.matcher(head);
        return matcher.lookingAt() || matcher.hitEnd();
    }

    /** Writes the line of a prompt that has its result, with the line's end. */
    static void write(String id, String fingerprint, LensResult result, Writer out) throws IOException {
        out.write(head(id, fingerprint) + "\"result\":");
        LensJson.write(result, out);
        out.write("}\n");
    }

    /** Writes the line of a prompt that failed, with the line's end. */
    static void write(String id, String fingerprint, LensException failure, Writer out) throws IOException {
        out.write(head(id, fingerprint) + "\"error\":{\"code\":"
                + quoted(failure.code().name()) + ",\"message\":" + quoted(String.valueOf(failure.getMessage()))
                + "}}\n");
    }

    private static String head(String id, String fingerprint) {
        return "{\"id\":" + quoted(id) + ",\"request\":\"" + fingerprint + "\",";
    }

    private static String quoted(String text) {
        StringWriter quoted = new StringWriter();
        try (JsonWriter json = new JsonWriter(quoted)) {
            json.value(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory was not written", e);
        }
        return quoted.toString();
    }
}
