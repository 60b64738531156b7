package dev.stratalens.engine.text;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds to a {@code tokenizer.json} the tokens that only the files beside it name. A token in the vocabulary keeps its id;
 * others follow the last one. The flags in {@code added_tokens_decoder} replace those of the tokenizer.
 */
final class AddedTokens {

    private static final String KEY = "added_tokens";
    private static final String PADDING = "padding";
    private static final Gson GSON = new Gson();

    private AddedTokens() {}

    /** The tokenizer with these tokens; the same bytes if it has them all. */
    static byte[] merge(String file, byte[] tokenizer, TokenizerSettings settings) {
        Map<String, JsonObject> known = known(tokenizer, settings);
        var changed = new LinkedHashMap<String, JsonObject>();
        for (JsonObject token : settings.addedTokens()) {
            String content = TokenizerSettings.content(token);
            JsonObject here = known.get(content);
            if (here == null || (settings.decides(content) && !sameFlags(here, token))) {
                changed.put(content, token);
            }
        }
        if (changed.isEmpty()) {
            return tokenizer;
        }
        JsonObject json = JsonFile.object(Problem.TOKENIZER, file, new String(tokenizer, StandardCharsets.UTF_8));
        json.add(KEY, merged(json, known, changed));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Tokens by content. A tokenizer that cannot be read has none; its own reader says what is wrong with it. */
    private static Map<String, JsonObject> known(byte[] tokenizer, TokenizerSettings settings) {
        var tokens = new LinkedHashMap<String, JsonObject>();
        try (var json =
                new JsonReader(new InputStreamReader(new ByteArrayInputStream(tokenizer), StandardCharsets.UTF_8))) {
            json.beginObject();
            boolean listed = false;
            while (!listed && json.hasNext()) {
                String name = json.nextName();
                listed = name.equals(KEY); // behind it is the vocabulary, which is long
                switch (name) {
                    case KEY -> put(GSON.fromJson(json, JsonElement.class), tokens);
                    case PADDING -> pad(GSON.fromJson(json, JsonElement.class), settings);
                    default -> json.skipValue();
                }
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            tokens.clear();
        }
        return tokens;
    }

    private static void put(JsonElement listed, Map<String, JsonObject> tokens) {
        if (listed instanceof JsonArray array) {
            for (JsonElement element : array) {
                if (element instanceof JsonObject token && token.get("content") instanceof JsonPrimitive content) {
                    tokens.put(content.getAsString(), token);
                }
            }
        }
    }

    /** The token that fills short texts is a special one, too. */
    private static void pad(JsonElement padding, TokenizerSettings settings) {
        if (padding instanceof JsonObject given && given.get("pad_token") instanceof JsonPrimitive token) {
            settings.setDefault("pad_token", token.getAsString());
        }
    }

    private static boolean sameFlags(JsonObject here, JsonObject wanted) {
        return wanted.entrySet().stream().allMatch(flag -> flag.getValue().equals(here.get(flag.getKey())));
    }

    private static JsonArray merged(JsonObject json, Map<String, JsonObject> known, Map<String, JsonObject> changed) {
        Map<String, Integer> vocabulary = vocabulary(json);
        int next = vocabulary.size();
        var all = new LinkedHashMap<>(known);
        for (JsonObject token : known.values()) {
            if (token.get("id") instanceof JsonPrimitive id && id.isNumber()) {
                next = Math.max(next, id.getAsInt() + 1);
            }
        }
        for (Map.Entry<String, JsonObject> entry : changed.entrySet()) {
            JsonObject token = entry.getValue();
            JsonObject here = known.get(entry.getKey());
            Integer inVocabulary = vocabulary.get(entry.getKey());
            if (here != null) {
                token.add("id", here.get("id"));
            } else {
                token.addProperty("id", inVocabulary == null ? next++ : inVocabulary);
            }
            all.put(entry.getKey(), token);
        }
        var array = new JsonArray();
        all.values().forEach(array::add);
        return array;
    }

    /** Ids of the model's pieces: an object, or a list of pieces with their scores. */
    private static Map<String, Integer> vocabulary(JsonObject json) {
        var ids = new HashMap<String, Integer>();
        JsonElement stored = json.get("model") instanceof JsonObject model ? model.get("vocab") : null;
        if (stored instanceof JsonObject byPiece) {
            byPiece.asMap().forEach((piece, id) -> {
                if (id instanceof JsonPrimitive number && number.isNumber()) {
                    ids.put(piece, number.getAsInt());
                }
            });
        } else if (stored instanceof JsonArray pieces) {
            for (int id = 0; id < pieces.size(); id++) {
                if (pieces.get(id) instanceof JsonArray piece
                        && !piece.isEmpty()
                        && piece.get(0) instanceof JsonPrimitive text) {
                    ids.put(text.getAsString(), id);
                }
            }
        }
        return ids;
    }
}
