package dev.stratalens.server.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Faults of a tokenizer's parts at which the tokenizers library does not report an error but ends the process, so that
 * they must be found before it sees them.
 */
final class UnsafeParts {

    private static final JsonPrimitive NOTHING = new JsonPrimitive("");

    private UnsafeParts() {}

    /** What is wrong with a part or one inside it. */
    static Optional<String> fault(JsonElement part) {
        if (part instanceof JsonArray parts) {
            return first(parts.asList().stream());
        }
        if (!(part instanceof JsonObject object)) {
            return Optional.empty();
        }
        if (object.get("precompiled_charsmap") instanceof JsonPrimitive charsmap
                && !PrecompiledCharsmap.isSound(charsmap.getAsString())) {
            return Optional.of("its precompiled_charsmap is damaged");
        }
        if (object.get("special_tokens") instanceof JsonObject declared
                && object.get("single") instanceof JsonArray pieces
                && !pieces.asList().stream().allMatch(piece -> isFilled(piece, declared))) {
            return Optional.of("its template uses what it does not declare");
        }
        if (says(object, "FixedLength", "length", new JsonPrimitive(0))
                || says(object, "Prepend", "prepend", NOTHING)
                || (object.get("pattern") instanceof JsonObject pattern
                        && says(object, "Replace", "pattern", pattern)
                        && NOTHING.equals(pattern.get("String")))) {
            return Optional.of("a part of type %s has an empty argument".formatted(object.get("type")));
        }
        return first(object.asMap().values().stream());
    }

    private static Optional<String> first(Stream<JsonElement> parts) {
        return parts.flatMap(part -> fault(part).stream()).findFirst();
    }

    private static boolean says(JsonObject part, String type, String key, JsonElement value) {
        return new JsonPrimitive(type).equals(part.get("type")) && value.equals(part.get(key));
    }

    /** Whether a template's piece is the first text or a special token that is declared well. */
    private static boolean isFilled(JsonElement piece, JsonObject declared) {
        if (!(piece instanceof JsonObject object)) {
            return true;
        }
        if (object.get("Sequence") instanceof JsonObject sequence) {
            return new JsonPrimitive("A").equals(sequence.get("id"));
        }
        return object.get("SpecialToken") instanceof JsonObject special
                && special.get("id") instanceof JsonPrimitive id
                && declared.get(id.getAsString()) instanceof JsonObject token
                && token.get("ids") instanceof JsonArray ids
                && token.get("tokens") instanceof JsonArray tokens
                && ids.size() == tokens.size();
    }
}
