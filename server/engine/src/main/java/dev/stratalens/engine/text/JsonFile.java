package dev.stratalens.engine.text;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;

/** Parses small files of a model, strictly by the JSON standard. */
public final class JsonFile {

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
