package dev.stratalens.engine.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Parses the JSON of a safetensors header. Nothing here is checked against the file. */
final class SafetensorsHeader {

    private static final String METADATA = "__metadata__";

    /**
     * One tensor as the header describes it.
     *
     * @param begin first byte, counted from the end of the header
     * @param end offset after the last byte
     */
    record Entry(String name, String type, long[] shape, long begin, long end) {}

    /**
     * A header.
     *
     * @param entries the tensors in the header's order; a duplicate name occurs twice
     * @param metadata free texts by name
     */
    record Contents(List<Entry> entries, Map<String, String> metadata) {}

    private SafetensorsHeader() {}

    /**
     * Reads a header.
     *
     * @throws IOException if this is not the JSON of a safetensors header
     */
    static Contents parse(Reader source) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonReader json = new JsonReader(source);
        json.setStrictness(Strictness.STRICT);
        try {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (name.equals(METADATA)) {
                    readTexts(json, metadata);
                } else {
                    entries.add(entry(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("text after the end of the header");
            }
            return new Contents(entries, metadata);
        } catch (IllegalStateException | NumberFormatException e) {
            // The reader's exception for a value of another kind.
            throw new MalformedJsonException(e.getMessage(), e);
        }
    }

    /** Whatever is not a text is passed over: metadata of models are not ours to judge. */
    private static void readTexts(JsonReader json, Map<String, String> texts) throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            json.skipValue();
            return;
        }
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (json.peek() == JsonToken.STRING) {
                texts.put(name, json.nextString());
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    private static Entry entry(String name, JsonReader json) throws IOException {
        @Nullable String type = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = numbers(json);
                case "data_offsets" -> offsets = numbers(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw new MalformedJsonException("tensor \"%s\" lacks dtype, shape or two data_offsets".formatted(name));
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(JsonReader json) throws IOException {
        LongStream.Builder numbers = LongStream.builder();
        json.beginArray();
        while (json.hasNext()) {
            numbers.add(json.nextLong());
        }
        json.endArray();
        return numbers.build().toArray();
    }
}
