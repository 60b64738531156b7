package dev.stratalens.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Added tokens that the tokenizer's normaliser is applied to. One of which that leaves nothing ends the process when a text
 * is read, so that it must be found before; the library's own normaliser is asked, in a tokenizer without the tokens.
 */
final class NormalisedTokens {

    /** Any text that is not empty is one unknown word. */
    private static final String MODEL = "{\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"a\"}";

    private final List<String> contents = new ArrayList<>();
    private JsonElement normalizer = JsonNull.INSTANCE;

    private NormalisedTokens() {}

    /**
     * A token of which the normaliser leaves nothing.
     *
     * @param json a {@code tokenizer.json} whose parts are known to be safe
     * @throws IOException if it is no JSON
     */
    static Optional<String> firstLost(byte[] json) throws IOException {
        NormalisedTokens tokens = new NormalisedTokens();
        tokens.read(new JsonReader(new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8)));
        return tokens.contents.isEmpty() || tokens.normalizer.isJsonNull() ? Optional.empty() : tokens.firstLost();
    }

    private void read(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "normalizer" -> normalizer = JsonParser.parseReader(json);
                case "added_tokens" ->
                    JsonParser.parseReader(json).getAsJsonArray().forEach(this::add);
                default -> json.skipValue();
            }
        }
        json.endObject();
    }

    private void add(JsonElement token) {
        if (token instanceof JsonObject object
                && !new JsonPrimitive(false).equals(object.get("normalized"))
                && object.get("content") instanceof JsonPrimitive content
                && !content.getAsString().isEmpty()) {
            contents.add(content.getAsString());
        }
    }

    private Optional<String> firstLost() throws IOException {
        JsonObject probe = new JsonObject();
        probe.addProperty("version", "1.0");
        probe.add("added_tokens", new JsonArray());
        probe.add("normalizer", normalizer);
        probe.add("model", JsonParser.parseString(MODEL));
        byte[] json = probe.toString().getBytes(StandardCharsets.UTF_8);
        try (HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), Map.of())) {
            return contents.stream()
                    .filter(content -> tokenizer.encode(content, false, false).getIds().length == 0)
                    .findFirst();
        }
    }
}
