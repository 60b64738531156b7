package dev.stratalens.report.comparison;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Pairs the tokens of two texts along a longest common subsequence, and tokens between common ones backward from their
 * ends.
 */
final class CommonTokens {

    /** Largest table of the search. Beyond it, tokens between the common beginning and end are paired from the end. */
    private static final long MOST_CELLS = 1L << 26;

    private final List<String> a;
    private final List<String> b;
    private final List<PositionPair> pairs = new ArrayList<>();

    private CommonTokens(List<String> a, List<String> b) {
        this.a = a;
        this.b = b;
    }

    /** Pairs, ascending. Swapped texts have the same pairs, swapped. */
    static List<PositionPair> pairs(List<String> a, List<String> b) {
        // Which of several longest subsequences is found depends on the order of the texts, so this order is fixed.
        boolean swap = a.size() != b.size()
                ? a.size() > b.size()
                : String.join("\0", a).compareTo(String.join("\0", b)) > 0;
        if (!swap) {
            return new CommonTokens(a, b).pairs();
        }
        return new CommonTokens(b, a)
                .pairs().stream()
                        .map(pair -> new PositionPair(pair.b(), pair.a()))
                        .toList();
    }

    private List<PositionPair> pairs() {
        int begin = 0;
        int endA = a.size();
        int endB = b.size();
        while (begin < endA && begin < endB && a.get(begin).equals(b.get(begin))) {
            pairs.add(new PositionPair(begin, begin));
            begin++;
        }
        while (endA > begin && endB > begin && a.get(endA - 1).equals(b.get(endB - 1))) {
            endA--;
            endB--;
        }
        int lastA = begin;
        int lastB = begin;
        for (PositionPair common : commonBetween(begin, endA, endB)) {
            pairFromEnds(lastA, common.a(), lastB, common.b());
            pairs.add(common);
            lastA = common.a() + 1;
            lastB = common.b() + 1;
        }
        pairFromEnds(lastA, endA, lastB, endB);
        for (int i = 0; endA + i < a.size(); i++) {
            pairs.add(new PositionPair(endA + i, endB + i));
        }
        return pairs;
    }

    private void pairFromEnds(int fromA, int toA, int fromB, int toB) {
        for (int back = Math.min(toA - fromA, toB - fromB); back > 0; back--) {
            pairs.add(new PositionPair(toA - back, toB - back));
        }
    }

    /** A longest common subsequence of two stretches that begin at the same index. */
    private List<PositionPair> commonBetween(int begin, int endA, int endB) {
        int rows = endA - begin;
        int columns = endB - begin;
        if ((long) rows * columns > MOST_CELLS) {
            return List.of();
        }
        byte[][] steps = steps(begin, rows, columns);
        List<PositionPair> common = new ArrayList<>();
        for (int i = rows, j = columns; i > 0 && j > 0; ) {
            switch (steps[i - 1][j - 1]) {
                case BOTH -> common.add(new PositionPair(begin + --i, begin + --j));
                case FIRST -> i--;
                default -> j--;
            }
        }
        Collections.reverse(common);
        return common;
    }

    private static final byte BOTH = 0;
    private static final byte FIRST = 1;
    private static final byte SECOND = 2;

    /**
     * The previous step of a longest subsequence of the first i and j tokens; of equal ones, the one that shortens the
     * first text.
     */
    private byte[][] steps(int begin, int rows, int columns) {
        byte[][] steps = new byte[rows][columns];
        int[] above = new int[columns + 1];
        int[] lengths = new int[columns + 1];
        for (int i = 1; i <= rows; i++) {
            for (int j = 1; j <= columns; j++) {
                if (a.get(begin + i - 1).equals(b.get(begin + j - 1))) {
                    lengths[j] = above[j - 1] + 1;
                    steps[i - 1][j - 1] = BOTH;
                } else {
                    boolean first = above[j] >= lengths[j - 1];
                    lengths[j] = first ? above[j] : lengths[j - 1];
                    steps[i - 1][j - 1] = first ? FIRST : SECOND;
                }
            }
            int[] swapped = above;
            above = lengths;
            lengths = swapped;
        }
        return steps;
    }
}
