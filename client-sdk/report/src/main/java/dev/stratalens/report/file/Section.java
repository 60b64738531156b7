package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of the file that holds large arrays, read as a stream by a schema: which key is read how. Keys that the schema
 * does not know are skipped.
 *
 * @param path where it stands in the file
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

    /** An object all of whose values are read alike. */
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

    /** Reads an array all of whose elements are read alike. */
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

    String string(String key) throws LensFileException {
        return get(key, String.class);
    }

    NumberGrid grid(String key) throws LensFileException {
        return get(key, NumberGrid.class);
    }

    <T> List<T> list(String key, Class<T> element) throws LensFileException {
        List<T> list = new ArrayList<>();
        for (Object value : get(key, List.class)) {
            list.add(element.cast(value));
        }
        return list;
    }

    <T> T get(String key, Class<T> type) throws LensFileException {
        Object value = values.get(key);
        if (value == null) {
            throw new LensFileException(path + ": the key \"" + key + "\" is missing", null);
        }
        return type.cast(value);
    }
}
