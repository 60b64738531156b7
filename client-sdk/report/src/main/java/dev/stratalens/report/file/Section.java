package dev.stratalens.report.file;

import com.google.gson.JsonNull;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * An object of the file. An object with large arrays is read by a schema, a reader for each key; other keys are
 * skipped. A small object is read whole.
 *
 * @param path its place in the file
 * @param values by key
 */
record Section(String path, Map<String, Object> values) {

    /** Reads one value. */
    interface ValueReader {
        Object read(JsonReader in) throws IOException;
    }

    static Section read(JsonReader in, Map<String, ValueReader> schema) throws IOException {
        String path = in.getPath();
        Map<String, Object> values = new HashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            String key = in.nextName();
            ValueReader reader = schema.get(key);
            if (reader == null) {
                in.skipValue();
            } else {
                values.put(key, reader.read(in));
            }
        }
        in.endObject();
        return new Section(path, values);
    }

    /** Reads a small object. */
    static Section object(JsonReader in) throws IOException {
        String path = in.getPath();
        Object value = any(in);
        if (value instanceof Section section) {
            return section;
        }
        throw new LensFileException(path + ": expected an object, found " + value, null);
    }

    private static Object any(JsonReader in) throws IOException {
        return switch (in.peek()) {
            case BEGIN_OBJECT -> readEach(in, Section::any);
            case BEGIN_ARRAY -> list(Section::any).read(in);
            case STRING -> in.nextString();
            case NUMBER -> ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(in);
            case BOOLEAN -> in.nextBoolean();
            default -> {
                in.nextNull();
                yield JsonNull.INSTANCE;
            }
        };
    }

    /** Reads an object with one reader for all values. */
    static Section readEach(JsonReader in, ValueReader reader) throws IOException {
        String path = in.getPath();
        Map<String, Object> values = new HashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            values.put(in.nextName(), reader.read(in));
        }
        in.endObject();
        return new Section(path, values);
    }

    /** Reads an array with one reader for all elements. */
    static ValueReader list(ValueReader element) {
        return in -> {
            List<Object> list = new ArrayList<>();
            in.beginArray();
            while (in.hasNext()) {
                list.add(element.read(in));
            }
            in.endArray();
            return list;
        };
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Section object(String key) throws LensFileException {
        return get(key, Section.class, "an object");
    }

    String string(String key) throws LensFileException {
        return get(key, String.class, "a string");
    }

    boolean bool(String key) throws LensFileException {
        return get(key, Boolean.class, "true or false");
    }

    int integer(String key) throws LensFileException {
        return parsed(key, Integer::parseInt, "an integer of 32 bits");
    }

    long integral(String key) throws LensFileException {
        return parsed(key, Long::parseLong, "an integer");
    }

    float float32(String key) throws LensFileException {
        return values.get(key) == JsonNull.INSTANCE ? Float.NaN : parsed(key, Float::parseFloat, "a number");
    }

    double float64(String key) throws LensFileException {
        return values.get(key) == JsonNull.INSTANCE ? Double.NaN : parsed(key, Double::parseDouble, "a number");
    }

    OptionalDouble optionalNumber(String key) throws LensFileException {
        return has(key) ? OptionalDouble.of(float64(key)) : OptionalDouble.empty();
    }

    Optional<String> optionalString(String key) throws LensFileException {
        return has(key) ? Optional.of(string(key)) : Optional.empty();
    }

    List<Integer> integers(String key) throws LensFileException {
        String kind = "an array of integers";
        List<Integer> integers = new ArrayList<>();
        for (Object element : get(key, List.class, kind)) {
            try {
                integers.add(Integer.parseInt(element.toString()));
            } catch (NumberFormatException e) {
                throw wrong(key, kind);
            }
        }
        return integers;
    }

    NumberGrid grid(String key) throws LensFileException {
        return get(key, NumberGrid.class, "numbers");
    }

    <T> List<T> list(String key, Class<T> element) throws LensFileException {
        List<T> list = new ArrayList<>();
        for (Object value : get(key, List.class, "an array")) {
            list.add(element.cast(value));
        }
        return list;
    }

    /** A value of a type; {@code kind} is the type's name in messages. */
    <T> T get(String key, Class<T> type, String kind) throws LensFileException {
        Object value = required(key);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw wrong(key, kind);
    }

    /** A number, or one of the strings for infinities. */
    private <T> T parsed(String key, Function<String, T> parse, String kind) throws LensFileException {
        Object value = required(key);
        if (value instanceof Number || value instanceof String) {
            try {
                return parse.apply(value.toString());
            } catch (NumberFormatException e) {
                throw wrong(key, kind);
            }
        }
        throw wrong(key, kind);
    }

    private Object required(String key) throws LensFileException {
        Object value = values.get(key);
        if (value == null) {
            throw new LensFileException(path + ": the key \"" + key + "\" is missing", null);
        }
        return value;
    }

    private LensFileException wrong(String key, String expected) {
        return new LensFileException(path + "." + key + ": expected " + expected + ", found " + values.get(key), null);
    }
}
