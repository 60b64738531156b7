package dev.stratalens.report.analysis;

import dev.stratalens.client.request.LensTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Targets of one request that count as one, such as the spellings of a word: their probabilities are summed, and the
 * best of their ranks counts. {@link FollowedTokens#of} reads a group in a result.
 *
 * <p>A member of several tokens is left out, since the vocabulary does not have this spelling; see {@link
 * FollowedTokens#leftOut()}. If no member is left, the first token of the first member is followed.
 *
 * @param name name of the group in output
 * @param members targets to request, one or more; the main one first
 */
public record TargetGroup(String name, List<LensTarget> members) {

    /** Checks that there is a member. */
    public TargetGroup {
        Objects.requireNonNull(name, "name");
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("group \"" + name + "\" has no member; give one target or more");
        }
    }

    /** A group of one. */
    public static TargetGroup of(LensTarget target) {
        return new TargetGroup(name(target), List.of(target));
    }

    /**
     * Possible spellings of a word in a vocabulary: with and without a space before it, as given, in lower case and
     * capitalized. The given one comes first.
     *
     * @param word not blank; a space before it counts as the space between words
     */
    public static TargetGroup variantsOf(String word) {
        String bare = word.startsWith(" ") ? word.substring(1) : word;
        if (bare.isBlank()) {
            throw new IllegalArgumentException("\"" + word + "\" has no letters to vary; give a word");
        }
        Set<String> spellings = new LinkedHashSet<>(List.of(word));
        for (String cased : List.of(bare, lowerCase(bare), capitalized(bare))) {
            spellings.add(" " + cased);
            spellings.add(cased);
        }
        return new TargetGroup(bare, spellings.stream().map(LensTarget::text).toList());
    }

    /** Name of a target: {@code next}, {@code final-top}, {@code id:464}, or its text. */
    public static String name(LensTarget target) {
        if (target instanceof LensTarget.NextToken) {
            return "next";
        }
        if (target instanceof LensTarget.FinalTop) {
            return "final-top";
        }
        return target instanceof LensTarget.TokenId token ? "id:" + token.id() : ((LensTarget.Text) target).text();
    }

    private static String lowerCase(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String word) {
        int end = word.offsetByCodePoints(0, 1);
        return word.substring(0, end).toUpperCase(Locale.ROOT) + word.substring(end);
    }
}
