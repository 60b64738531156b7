package dev.stratalens.engine.text;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses small files of a model, strictly by the JSON standard but for the numbers of Python. */
public final class JsonFile {

    private static final String VALUE = "(?<=[\\[,:]\\s{0,40})%s(?=\\s*[,\\]}])";
    private static final Pattern INFINITY = Pattern.compile(VALUE.formatted("(?<sign>-?)Infinity"));
    private static final Pattern NAN = Pattern.compile(VALUE.formatted("NaN"));

    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private JsonFile() {}

    /**
     * Parses a file's text as an object.
     *
     * @param problem the kind of fault if it is not an object
     * @throws InvalidCheckpointException if the text is not one JSON object
     */
    public static JsonObject object(Problem problem, String file, String text) {
        try {
            return strict(text);
        } catch (JsonParseException e) {
            return ofPython(text)
                    .orElseThrow(() -> InvalidCheckpointException.malformed(problem, file, "a JSON object", e));
        }
    }

    private static JsonObject strict(String text) {
        JsonObject object = STRICT.fromJson(text, JsonObject.class);
        if (object == null) {
            throw new JsonParseException("an empty file");
        }
        return object;
    }

    /** Python writes numbers that JSON does not know. NaN becomes a text, which no number's reader takes for a number. */
    private static Optional<JsonObject> ofPython(String text) {
        String known =
                NAN.matcher(INFINITY.matcher(text).replaceAll("${sign}1e999")).replaceAll("\"NaN\"");
        try {
            return known.equals(text) ? Optional.empty() : Optional.of(strict(known));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
