package dev.stratalens.report.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A small object of the file, read whole, whose fields are asked for by name.
 *
 * @param path where it stands in the file
 * @param object its fields
 */
record JsonFields(String path, JsonObject object) {

    static JsonFields read(JsonReader in) throws IOException {
        String path = in.getPath();
        return of(path, JsonParser.parseReader(in));
    }

    private static JsonFields of(String path, JsonElement element) throws LensFileException {
        if (element instanceof JsonObject object) {
            return new JsonFields(path, object);
        }
        throw new LensFileException(path + ": expected an object, found " + element, null);
    }

    JsonFields object(String key) throws LensFileException {
        return of(path + "." + key, required(key));
    }

    String string(String key) throws LensFileException {
        if (required(key) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw wrong(key, "a string");
    }

    boolean bool(String key) throws LensFileException {
        if (required(key) instanceof JsonPrimitive value && value.isBoolean()) {
            return value.getAsBoolean();
        }
        throw wrong(key, "true or false");
    }

    int integer(String key) throws LensFileException {
        return parsed(key, Integer::parseInt, "an integer of 32 bits");
    }

    long integral(String key) throws LensFileException {
        return parsed(key, Long::parseLong, "an integer");
    }

    float float32(String key) throws LensFileException {
        return required(key).isJsonNull() ? Float.NaN : parsed(key, Float::parseFloat, "a number");
    }

    double float64(String key) throws LensFileException {
        return required(key).isJsonNull() ? Double.NaN : parsed(key, Double::parseDouble, "a number");
    }

    OptionalInt optionalInteger(String key) throws LensFileException {
        return object.has(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
    }

    OptionalDouble optionalNumber(String key) throws LensFileException {
        return object.has(key) ? OptionalDouble.of(float64(key)) : OptionalDouble.empty();
    }

    Optional<String> optionalString(String key) throws LensFileException {
        return object.has(key) ? Optional.of(string(key)) : Optional.empty();
    }

    List<Integer> integers(String key) throws LensFileException {
        if (!required(key).isJsonArray()) {
            throw wrong(key, "an array of integers");
        }
        List<Integer> values = new ArrayList<>();
        for (JsonElement element : required(key).getAsJsonArray()) {
            try {
                values.add(Integer.parseInt(element.getAsString()));
            } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
                throw wrong(key, "an array of integers");
            }
        }
        return values;
    }

    /** A number, or one of the strings that stand for infinities. */
    private <T> T parsed(String key, Function<String, T> parse, String kind) throws LensFileException {
        if (required(key) instanceof JsonPrimitive value && !value.isBoolean()) {
            try {
                return parse.apply(value.getAsString());
            } catch (NumberFormatException e) {
                throw wrong(key, kind);
            }
        }
        throw wrong(key, kind);
    }

    private JsonElement required(String key) throws LensFileException {
        JsonElement element = object.get(key);
        if (element == null) {
            throw new LensFileException(path + ": the key \"" + key + "\" is missing", null);
        }
        return element;
    }

    private LensFileException wrong(String key, String expected) {
        return new LensFileException(path + "." + key + ": expected " + expected + ", found " + object.get(key), null);
    }
}
