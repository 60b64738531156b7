package dev.stratalens.server.access.proof;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import dev.stratalens.server.access.Principal;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** {@link ApiKeys} as JSON, of which no part is optional but the end of a key, and nothing else is allowed. */
final class ApiKeyJson {

    private static final String KEYS = "keys";
    private static final String ID = "id";
    private static final String PRINCIPAL = "principal";
    private static final String SALT = "salt";
    private static final String HASH = "hash";
    private static final String CREATED = "created";
    private static final String EXPIRES = "expires";
    private static final List<String> REQUIRED = List.of(ID, PRINCIPAL, SALT, HASH, CREATED);

    private static final Map<String, Predicate<String>> SYNTAX = Map.of(
            ID, Pattern.compile("[0-9a-f]{16}").asMatchPredicate(),
            PRINCIPAL, Principal::isName,
            SALT, Pattern.compile("[A-Za-z0-9_-]{22}").asMatchPredicate(),
            HASH, Pattern.compile("[A-Za-z0-9_-]{43}").asMatchPredicate(),
            CREATED, text -> true);

    private ApiKeyJson() {}

    /** What the file has that it must not have, or lacks. */
    static final class Fault extends RuntimeException {
        private final String what;

        Fault(String what) {
            super(what);
            this.what = what;
        }

        String what() {
            return what;
        }
    }

    static ApiKeys read(JsonReader json) throws IOException {
        expect(json, JsonToken.BEGIN_OBJECT, "one object");
        json.beginObject();
        if (!json.hasNext() || !json.nextName().equals(KEYS)) {
            throw new Fault("must have \"keys\" and nothing else");
        }
        expect(json, JsonToken.BEGIN_ARRAY, "a list of keys");
        json.beginArray();
        ApiKeys keys = ApiKeys.NONE;
        for (int index = 0; json.hasNext(); index++) {
            ApiKey key = key(json, KEYS + "[" + index + "]");
            if (keys.find(key.id()).isPresent()) {
                throw new Fault("has the id of keys[%d] twice".formatted(index));
            }
            keys = keys.with(key);
        }
        json.endArray();
        if (json.hasNext()) {
            throw new Fault("must have \"keys\" and nothing else");
        }
        json.endObject();
        expect(json, JsonToken.END_DOCUMENT, "one object");
        return keys;
    }

    private static ApiKey key(JsonReader json, String where) throws IOException {
        expect(json, JsonToken.BEGIN_OBJECT, where + " as an object");
        Map<String, String> fields = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (!REQUIRED.contains(name) && !name.equals(EXPIRES)) {
                throw new Fault(
                        "has a field in %s that is none of %s, expires".formatted(where, String.join(", ", REQUIRED)));
            }
            expect(json, JsonToken.STRING, where + "." + name + " as a text");
            if (fields.put(name, json.nextString()) != null) {
                throw new Fault("has %s.%s twice".formatted(where, name));
            }
        }
        json.endObject();
        for (String name : REQUIRED) {
            String value = fields.get(name);
            if (value == null || !Objects.requireNonNull(SYNTAX.get(name)).test(value)) {
                throw new Fault("has %s %s.%s".formatted(value == null ? "no" : "a wrong", where, name));
            }
        }
        return new ApiKey(
                fields.getOrDefault(ID, ""),
                fields.getOrDefault(PRINCIPAL, ""),
                fields.getOrDefault(SALT, ""),
                fields.getOrDefault(HASH, ""),
                time(fields.getOrDefault(CREATED, ""), where + "." + CREATED),
                Optional.ofNullable(fields.get(EXPIRES)).map(end -> time(end, where + "." + EXPIRES)));
    }

    private static Instant time(String text, String where) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Fault("has a wrong %s; a time is written 2030-01-31T12:00:00Z".formatted(where));
        }
    }

    private static void expect(JsonReader json, JsonToken token, String what) throws IOException {
        if (json.peek() != token) {
            throw new Fault("must have " + what);
        }
    }

    static void write(ApiKeys keys, JsonWriter json) throws IOException {
        json.beginObject().name(KEYS).beginArray();
        for (ApiKey key : keys.all()) {
            json.beginObject();
            json.name(ID).value(key.id());
            json.name(PRINCIPAL).value(key.principal());
            json.name(SALT).value(key.salt());
            json.name(HASH).value(key.hash());
            json.name(CREATED).value(key.created().toString());
            if (key.expires().isPresent()) {
                json.name(EXPIRES).value(key.expires().get().toString());
            }
            json.endObject();
        }
        json.endArray().endObject();
    }
}
