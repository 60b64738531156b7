package dev.stratalens.cli.failure;

import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The field of a request that a server refuses.
 *
 * @param option name of the field as an option has it, without hyphens before it: {@code top-k}
 * @param message what is wrong with it, without its name
 */
public record RefusedField(String option, String message) {

    /** Options by the beginning of their field's path, without indices; the first one counts. Others have the name of the field. */
    private static final Map<Pattern, String> OPTIONS = new LinkedHashMap<>();

    static {
        put("lenses", "lens");
        put("targets", "target");
        put("prompt\\.chat", "chat");
        put("options\\.max_tokens", "max-tokens");
        put("options\\.forced", "force");
        put("options\\.stop_texts", "stop");
        put("options\\.sampling\\.top_k", "from-top");
        put("options\\.sampling\\.top_p", "top-p");
        put("options\\.sampling\\.seed", "seed");
        put("options\\.sampling", "temperature");
        String change = "interventions?\\.";
        put(change + "rows\\.layers", "at-layers");
        put(change + "rows\\.positions", "at-positions");
        put(change + "rows\\.heads", "heads");
        put(change + "rows\\.skip_first_token", "skip-first-token");
        put(change + "rows\\.generated", "at-new-tokens");
        put(change + "rows", "site");
        put(change + "replace_from\\.layer", "from-layer");
        put(change + "replace_from\\.positions", "from-positions");
        put(change + "replace_from", "from");
        put(change + "set\\.mean", "mean-of");
        put(change + "scale", "times");
        put(change + "swap\\.to", "swap-with");
        put(change + "add\\.factor", "factor");
        put(change + "add\\.share_of_length", "strength");
        put(change + "add\\.largest_share", "at-most");
        String direction = change + "\\w+\\.(direction|from)\\.";
        put(direction + "token\\.lens", "through");
        put(direction + "token", "toward");
        put(direction + "vector", "vector");
        put(direction + "difference\\.\\w+\\.positions", "read-at");
        put(direction + "difference\\.to", "more");
        put(direction + "difference\\.from", "less");
        put("(effect\\.)?metrics?\\.logit_difference\\.other", "against");
        put("(effect\\.)?metrics?\\.", "target");
    }

    private static void put(String path, String option) {
        OPTIONS.put(Pattern.compile(path), option);
    }

    /** Empty where the failure is about none. */
    public static Optional<RefusedField> of(LensException failure) {
        if (!(failure.detail().orElse(null) instanceof ErrorDetail.InvalidField invalid)) {
            return Optional.empty();
        }
        String path = invalid.field() + ": ";
        String message = String.valueOf(failure.getMessage());
        return Optional.of(new RefusedField(
                option(invalid.field()), message.startsWith(path) ? message.substring(path.length()) : message));
    }

    private static String option(String field) {
        String path = field.replaceAll("\\[\\d+]", "");
        return OPTIONS.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).lookingAt())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> path.replaceFirst("\\W.*", "").replace('_', '-'));
    }
}
