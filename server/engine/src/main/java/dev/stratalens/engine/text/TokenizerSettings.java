package dev.stratalens.engine.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code tokenizer_config.json} and the older files beside it, with the precedence of transformers 5. */
final class TokenizerSettings {

    static final String CONFIG = "tokenizer_config.json";
    static final String ADDED_TOKENS = "added_tokens.json";
    private static final String DECODER = "added_tokens_decoder";
    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final JsonObject config;
    private final Map<Integer, JsonObject> addedTokens = new TreeMap<>();

    private TokenizerSettings(JsonObject config) {
        this.config = config;
    }

    static TokenizerSettings read(DirectoryFiles files) {
        TokenizerSettings settings = new TokenizerSettings(files.object(CONFIG));
        if (settings.config.get(DECODER) instanceof JsonObject byId) {
            byId.asMap().forEach((id, token) -> settings.add(CONFIG, id, addedToken(token, false)));
        } else {
            files.object("special_tokens_map.json").asMap().forEach(settings.config::add);
            files.object(ADDED_TOKENS).asMap().forEach((content, id) -> settings.addOlder(content, id));
        }
        return settings;
    }

    private void addOlder(String content, JsonElement id) {
        boolean special = special().anyMatch(token -> content(token).equals(content));
        add(ADDED_TOKENS, id.toString(), addedToken(new JsonPrimitive(content), special));
    }

    private void add(String file, String id, Optional<JsonObject> token) {
        try {
            addedTokens.put(Integer.parseInt(id), token.orElseThrow(() -> new NumberFormatException("no token")));
        } catch (NumberFormatException e) {
            throw TokenizerDefinition.fault(
                    file, "has an added token \"%s\" that cannot be read. Download it again".formatted(id));
        }
    }

    /** Name of the Python class for the files, without the suffix of the fast variant; may be empty. */
    String className() {
        String name = config.get("tokenizer_class") instanceof JsonPrimitive given ? given.getAsString() : "";
        return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
    }

    boolean isSet(String key) {
        return config.get(key) instanceof JsonPrimitive value && value.getAsBoolean();
    }

    /** Sets a special token that the files do not mention; a token that they set to null stays unset. */
    void setDefault(String name, String content) {
        if (!config.has(name)) {
            config.addProperty(name, content);
        }
    }

    /** Text of a named special token, such as {@code bos_token}. */
    Optional<String> specialToken(String name) {
        return addedToken(config.get(name), true).map(TokenizerSettings::content);
    }

    /** Texts of all named special tokens. */
    Map<String, String> specialTokens() {
        Map<String, String> tokens = new LinkedHashMap<>();
        names().forEach(name -> specialToken(name).ifPresent(content -> tokens.put(name, content)));
        if (config.get("extra_special_tokens") instanceof JsonObject named) {
            named.asMap()
                    .forEach((name, token) ->
                            addedToken(token, true).ifPresent(found -> tokens.put(name, content(found))));
        }
        return tokens;
    }

    private Stream<String> names() {
        return Stream.concat(
                NAMES.stream(), config.keySet().stream().filter(key -> key.endsWith("_token") && !NAMES.contains(key)));
    }

    /** All tokens that the files add, in the order of their ids. */
    List<JsonObject> addedTokens() {
        Map<String, JsonObject> tokens = new LinkedHashMap<>();
        Stream.concat(addedTokens.values().stream(), special())
                .forEach(token -> tokens.merge(content(token), token, TokenizerSettings::asSpecial));
        return List.copyOf(tokens.values());
    }

    /** Whether the flags of a token here replace those that a {@code tokenizer.json} has for it. */
    boolean decides(String content) {
        return config.has(DECODER)
                && addedTokens.values().stream()
                        .anyMatch(token -> content(token).equals(content));
    }

    private Stream<JsonObject> special() {
        JsonElement extra = config.get("extra_special_tokens");
        JsonElement list =
                extra instanceof JsonArray some && !some.isEmpty() ? extra : config.get("additional_special_tokens");
        Stream<JsonElement> named =
                extra instanceof JsonObject byName ? byName.asMap().values().stream() : Stream.empty();
        Stream<JsonElement> unnamed = list instanceof JsonArray some ? some.asList().stream() : Stream.empty();
        return Stream.of(names().map(config::get), named, unnamed)
                .flatMap(tokens -> tokens)
                .flatMap(token -> addedToken(token, true).stream());
    }

    /** Templates by name; {@code chat_template} may be one, or a list of named ones. */
    Map<String, String> chatTemplates() {
        JsonElement templates = config.get("chat_template");
        if (templates instanceof JsonPrimitive one) {
            return Map.of(TokenizerDefinition.DEFAULT_TEMPLATE, one.getAsString());
        }
        Map<String, String> named = new LinkedHashMap<>();
        if (templates instanceof JsonArray list) {
            for (JsonElement element : list) {
                if (element instanceof JsonObject entry
                        && entry.get("name") instanceof JsonPrimitive name
                        && entry.get("template") instanceof JsonPrimitive template) {
                    named.put(name.getAsString(), template.getAsString());
                }
            }
        }
        return named;
    }

    /** A named special token is special however it was added; its other fields stay. */
    private static JsonObject asSpecial(JsonObject added, JsonObject named) {
        added.addProperty("special", true);
        return added;
    }

    static String content(JsonObject token) {
        return token.get("content").getAsString();
    }

    /** A token written as a text or an object; empty if it is neither, or has no text. */
    private static Optional<JsonObject> addedToken(@Nullable JsonElement written, boolean special) {
        JsonObject token = new JsonObject();
        token.addProperty("content", "");
        token.addProperty("single_word", false);
        token.addProperty("lstrip", false);
        token.addProperty("rstrip", false);
        token.addProperty("normalized", !special);
        token.addProperty("special", special);
        if (written instanceof JsonPrimitive text && text.isString()) {
            token.add("content", text);
        } else if (written instanceof JsonObject given && given.get("content") instanceof JsonPrimitive) {
            token.keySet().stream()
                    .toList()
                    .forEach(key -> Optional.ofNullable(given.get(key)).ifPresent(value -> token.add(key, value)));
        }
        return content(token).isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
