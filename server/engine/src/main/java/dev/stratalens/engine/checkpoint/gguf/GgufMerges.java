package dev.stratalens.engine.checkpoint.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The merges that a SentencePiece vocabulary implies: every piece that two others form, the best piece first. */
final class GgufMerges {

    /** Above every vocabulary in use; the work grows with the square of a piece's length. */
    private static final long MOST_WORK = 1L << 30;

    /** Two pieces that merge. */
    record Merge(String left, String right, double score) {

        private int leftLength() {
            return left.codePointCount(0, left.length());
        }

        private int rightLength() {
            return right.codePointCount(0, right.length());
        }
    }

    private GgufMerges() {}

    /** Whether the merges of a vocabulary can be found in reasonable time. */
    static boolean isBounded(Iterable<String> pieces) {
        long work = 0;
        for (String piece : pieces) {
            work += (long) piece.length() * piece.length();
        }
        return work <= MOST_WORK;
    }

    /**
     * Like transformers' {@code generate_merges}: by falling score, then the longer left and right piece.
     *
     * @param ids of the pieces, in their order
     */
    static List<Merge> of(Map<String, Integer> ids, ToDoubleFunction<String> score) {
        List<Merge> merges = new ArrayList<>();
        for (String piece : ids.keySet()) {
            List<Merge> own = new ArrayList<>();
            for (int cut = 1; cut < piece.length(); cut++) {
                if (Character.isLowSurrogate(piece.charAt(cut))) {
                    continue;
                }
                String left = piece.substring(0, cut);
                String right = piece.substring(cut);
                if (ids.containsKey(left) && ids.containsKey(right)) {
                    own.add(new Merge(left, right, score.applyAsDouble(piece)));
                }
            }
            own.sort(Comparator.<Merge>comparingInt(merge -> ids.getOrDefault(merge.left(), 0))
                    .thenComparingInt(merge -> ids.getOrDefault(merge.right(), 0)));
            merges.addAll(own);
        }
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(Merge::leftLength)
                .thenComparingInt(Merge::rightLength)
                .reversed());
        return merges;
    }
}
