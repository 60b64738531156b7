package dev.stratalens.engine.text;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;

/** Small files of a model that are JSON as the standard has it. */
public final class JsonFile {

    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private JsonFile() {}

    /**
     * The object that a file's text is.
     *
     * @param problem what it is if the text is nothing of the kind
     * @throws InvalidCheckpointException if the text is anything but one JSON object
     */
    public static JsonObject object(Problem problem, String file, String text) {
        try {
            JsonObject object = STRICT.fromJson(text, JsonObject.class);
            if (object == null) {
                throw new JsonParseException("an empty file");
            }
            return object;
        } catch (JsonParseException e) {
            throw InvalidCheckpointException.malformed(problem, file, "a JSON object", e);
        }
    }
}
