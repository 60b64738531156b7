package dev.stratalens.engine.text.safety;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds faults of a tokenizer's parts at which the tokenizers library ends the process without reporting an error. */
public final class UnsafeParts {

    private static final JsonPrimitive NOTHING = new JsonPrimitive("");

    /** Sequences inside one another; no tokenizer in use has more than two. */
    private static final int DEEPEST = 16;

    private static final int LONGEST_SHOWN = 200;

    /** Lists of parts inside a part. */
    private static final List<String> LISTS = List.of("normalizers", "pretokenizers", "processors", "decoders");

    private UnsafeParts() {}

    /** The fault of a part, or of a part inside it. */
    public static Optional<String> fault(JsonElement part) {
        return fault(part, 1);
    }

    private static Optional<String> fault(JsonElement part, int depth) {
        if (depth > DEEPEST) {
            return Optional.of("its parts nest more than %d deep".formatted(DEEPEST));
        }
        if (part.isJsonNull()) {
            return Optional.empty();
        }
        // The library also accepts parts without a type, and lists of their fields, as any part that fits.
        if (!(part instanceof JsonObject object) || !(object.get("type") instanceof JsonPrimitive type)) {
            return Optional.of("a part is not an object with a type. Save it with a newer tokenizers library");
        }
        return switch (type.getAsString()) {
            case "Sequence" ->
                LISTS.stream()
                        .flatMap(key ->
                                object.get(key) instanceof JsonArray parts ? parts.asList().stream() : Stream.empty())
                        .flatMap(inner -> fault(inner, depth + 1).stream())
                        .findFirst();
            case "Precompiled" ->
                object.get("precompiled_charsmap") instanceof JsonPrimitive charsmap
                                && PrecompiledCharsmap.isSound(charsmap.getAsString())
                        ? Optional.empty()
                        : Optional.of("its precompiled_charsmap is damaged");
            case "TemplateProcessing" -> template(object);
            case "FixedLength" -> empty(object, "length", new JsonPrimitive(0));
            case "Prepend" -> empty(object, "prepend", NOTHING);
            case "Replace", "Split" -> pattern(object);
            default -> Optional.empty();
        };
    }

    private static Optional<String> empty(JsonObject part, String key, JsonPrimitive value) {
        return value.equals(part.get(key)) ? emptyArgument(part) : Optional.empty();
    }

    private static Optional<String> emptyArgument(JsonObject part) {
        return Optional.of("a part of type %s has an empty argument".formatted(part.get("type")));
    }

    private static Optional<String> pattern(JsonObject part) {
        if (!(part.get("pattern") instanceof JsonObject pattern)) {
            return Optional.empty();
        }
        boolean replaces = part.get("type").getAsString().equals("Replace");
        if (pattern.get("Regex") instanceof JsonPrimitive regex) {
            return expression(regex.getAsString(), replaces);
        }
        return replaces && NOTHING.equals(pattern.get("String")) ? emptyArgument(part) : Optional.empty();
    }

    private static Optional<String> expression(String regex, boolean replaces) {
        String reason;
        try {
            if (!SplitExpression.canMatchNothing(regex) || !replaces) {
                return Optional.empty();
            }
            reason = "replaces matches that may be empty";
        } catch (IllegalArgumentException e) {
            reason = String.valueOf(e.getMessage());
        }
        String shown = regex.length() > LONGEST_SHOWN ? regex.substring(0, LONGEST_SHOWN) + "..." : regex;
        return Optional.of(
                "its regular expression %s %s. Write it in another way, or use the tokenizer of the original model"
                        .formatted(shown, reason));
    }

    private static Optional<String> template(JsonObject part) {
        return part.get("special_tokens") instanceof JsonObject declared
                        && part.get("single") instanceof JsonArray pieces
                        && !pieces.asList().stream().allMatch(piece -> isFilled(piece, declared))
                ? Optional.of("its template uses a special token that it does not declare")
                : Optional.empty();
    }

    /** Whether a template's piece is the first text or a correctly declared special token. */
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
