package dev.stratalens.report.comparison;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The pairs of positions of two results. Only requested positions count.
 *
 * @param rule how positions were paired
 * @param pairs ascending in both results; each position occurs at most once
 * @param onlyInA positions of result A without counterpart, ascending
 * @param onlyInB likewise for result B
 */
public record PositionAlignment(Rule rule, List<PositionPair> pairs, List<Integer> onlyInA, List<Integer> onlyInB) {

    /** Rules that pair positions. The first that applies is used. */
    public enum Rule {
        /** Each result has one position: these two. */
        ONLY_ONES,
        /** Both prompts are the same tokens, by text: one to one. */
        SAME_TOKENS,
        /**
         * The same text with different tokenizers: tokens that end at the same byte. If several end there, as fragments
         * of one character do, the last counts, since only it has read the whole character.
         */
        SAME_BYTES,
        /**
         * Different texts: a longest common subsequence of tokens, by text. Other tokens between two common ones are
         * paired backward from their ends, as far as both sides have any: at the last token of a replaced name, the
         * model has read the whole name.
         */
        COMMON_TOKENS
    }

    /** Copies the lists. */
    public PositionAlignment {
        Objects.requireNonNull(rule, "rule");
        pairs = List.copyOf(pairs);
        onlyInA = List.copyOf(onlyInA);
        onlyInB = List.copyOf(onlyInB);
    }

    /** The alignment of two results. Swapped results have the same pairs, swapped. */
    public static PositionAlignment of(LensResult a, LensResult b) {
        if (a.positions().size() == 1 && b.positions().size() == 1) {
            PositionPair pair =
                    new PositionPair(a.positions().get(0), b.positions().get(0));
            return new PositionAlignment(Rule.ONLY_ONES, List.of(pair), List.of(), List.of());
        }
        List<String> textsA = texts(a);
        List<String> textsB = texts(b);
        if (textsA.equals(textsB)) {
            List<PositionPair> pairs = IntStream.range(0, textsA.size())
                    .mapToObj(position -> new PositionPair(position, position))
                    .toList();
            return of(Rule.SAME_TOKENS, pairs, a.info(), b.info());
        }
        if (a.prompt().isPresent() && a.prompt().equals(b.prompt())) {
            return of(Rule.SAME_BYTES, byBytes(a, b), a.info(), b.info());
        }
        return of(Rule.COMMON_TOKENS, CommonTokens.pairs(textsA, textsB), a.info(), b.info());
    }

    private static PositionAlignment of(Rule rule, List<PositionPair> pairs, ResultInfo a, ResultInfo b) {
        Set<Integer> askedA = new HashSet<>(a.positions());
        Set<Integer> askedB = new HashSet<>(b.positions());
        List<PositionPair> asked = pairs.stream()
                .filter(pair -> askedA.contains(pair.a()) && askedB.contains(pair.b()))
                .toList();
        asked.forEach(pair -> {
            askedA.remove(pair.a());
            askedB.remove(pair.b());
        });
        return new PositionAlignment(
                rule,
                asked,
                askedA.stream().sorted().toList(),
                askedB.stream().sorted().toList());
    }

    private static List<String> texts(LensResult result) {
        return result.tokens().stream().map(token -> token.token().text()).toList();
    }

    /** Added special tokens cover no byte; they are paired only with each other. */
    private record End(int end, boolean coversNothing) {
        static End of(PromptToken token) {
            return new End(token.end().orElseThrow(), token.start().equals(token.end()));
        }
    }

    private static List<PositionPair> byBytes(LensResult a, LensResult b) {
        Map<End, Integer> endsA = ends(a);
        List<PositionPair> pairs = new ArrayList<>();
        ends(b).forEach((end, position) -> {
            Integer other = endsA.get(end);
            if (other != null) {
                pairs.add(new PositionPair(other, position));
            }
        });
        pairs.sort((one, two) -> Integer.compare(one.a(), two.a()));
        return pairs;
    }

    private static Map<End, Integer> ends(LensResult result) {
        Map<End, Integer> ends = new HashMap<>();
        for (int position = 0; position < result.tokens().size(); position++) {
            ends.put(End.of(result.tokens().get(position)), position);
        }
        return ends;
    }
}
