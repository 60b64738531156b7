package dev.stratalens.engine.text;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds parts of a {@code tokenizer.json} for tokenizers in other forms; objects are maps. */
public final class TokenizerParts {

    private static final Gson GSON = new Gson();

    private TokenizerParts() {}

    /**
     * A token that the tokenizer adds to a text.
     *
     * @param id a number
     */
    public record Special(String content, JsonElement id) {}

    /** The expression with which Qwen 2, and Llama 3 with longer numbers, split a text. */
    public static String words(String number) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + number
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** Parts one after another. */
    public static Map<String, Object> sequence(String name, List<?> parts) {
        return Map.of("type", "Sequence", name, parts);
    }

    /** Words as GPT-2 splits them, with bytes as printable characters. */
    public static Map<String, Object> byteLevel(boolean spaceBefore) {
        return Map.of("type", "ByteLevel", "add_prefix_space", spaceBefore, "trim_offsets", true, "use_regex", true);
    }

    /** The same of words that other parts have split. */
    private static Map<String, Object> bytes(boolean spaceBefore) {
        return Map.of("type", "ByteLevel", "add_prefix_space", spaceBefore, "trim_offsets", true, "use_regex", false);
    }

    /** Words by a regular expression, then bytes. */
    public static Map<String, Object> split(String expression, boolean spaceBefore) {
        return sequence("pretokenizers", List.of(isolated(expression), bytes(spaceBefore)));
    }

    /** The same by one expression after the other: each splits what the ones before it left. */
    public static Map<String, Object> split(List<String> expressions, boolean spaceBefore) {
        return sequence(
                "pretokenizers",
                Stream.concat(expressions.stream().map(TokenizerParts::isolated), Stream.of(bytes(spaceBefore)))
                        .toList());
    }

    private static Map<String, Object> isolated(String expression) {
        return Map.of("type", "Split", "pattern", Map.of("Regex", expression), "behavior", "Isolated", "invert", false);
    }

    /** Two pieces that merge. There may be half a million of them, so each is built directly. */
    public static JsonArray merge(String left, String right) {
        var merge = new JsonArray(2);
        merge.add(left);
        merge.add(right);
        return merge;
    }

    /** Adds tokens before and after a text. */
    public static Map<String, Object> around(Optional<Special> before, Optional<Special> behind) {
        var single = new ArrayList<Object>();
        before.ifPresent(token -> single.add(piece("SpecialToken", token.content())));
        single.add(piece("Sequence", "A"));
        behind.ifPresent(token -> single.add(piece("SpecialToken", token.content())));
        var declared = Stream.of(before, behind)
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(
                        Special::content,
                        token -> Map.of(
                                "id", token.content(), "ids", List.of(token.id()), "tokens", List.of(token.content())),
                        (one, same) -> one));
        return Map.of("type", "TemplateProcessing", "single", single, "pair", List.of(), "special_tokens", declared);
    }

    private static Map<String, Object> piece(String kind, String id) {
        return Map.of(kind, Map.of("id", id, "type_id", 0));
    }

    /** The JSON of maps, lists and values. */
    public static JsonElement json(Object part) {
        return GSON.toJsonTree(part);
    }
}
