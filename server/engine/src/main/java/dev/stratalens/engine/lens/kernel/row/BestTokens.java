package dev.stratalens.engine.lens.kernel.row;

import java.util.Arrays;

/**
 * The best tokens of each row so far, by a score: the logit, or what another order makes of it. Tokens come in ascending order. Not
 * thread-safe.
 */
public final class BestTokens {

    private final int kept;
    private final float[] scores;
    private final int[] ids;
    private final int[] counts;

    /**
     * Creates empty lists.
     *
     * @param kept number of tokens to keep per row
     */
    public BestTokens(int rows, int kept) {
        this.kept = kept;
        this.scores = new float[rows * kept];
        this.ids = new int[rows * kept];
        this.counts = new int[rows];
    }

    /** Number of tokens to keep per row. */
    public int kept() {
        return kept;
    }

    boolean isEmpty(int row) {
        return counts[row] == 0;
    }

    /** Whether a score is among the best so far; ids must come in ascending order. */
    boolean accepts(int row, float score) {
        return counts[row] < kept || score > scores[row * kept + kept - 1];
    }

    /** The score to exceed to be among the best; minus infinity while fewer than the kept number are known. */
    float worstKept(int row) {
        return counts[row] < kept ? Float.NEGATIVE_INFINITY : scores[row * kept + kept - 1];
    }

    /** Inserts a token that {@link #accepts}. */
    void insert(int row, int id, float score) {
        int first = row * kept;
        int place = first + Math.min(counts[row], kept - 1);
        while (place > first && scores[place - 1] < score) {
            scores[place] = scores[place - 1];
            ids[place] = ids[place - 1];
            place--;
        }
        scores[place] = score;
        ids[place] = id;
        counts[row] = Math.min(counts[row] + 1, kept);
    }

    /** Merges the lists of other tokens of the same rows into these. */
    public void merge(BestTokens others) {
        for (int row = 0; row < counts.length; row++) {
            if (others.counts[row] > 0) {
                merge(row, others);
            }
        }
    }

    private void merge(int row, BestTokens others) {
        int first = row * kept;
        float[] mineScores = Arrays.copyOfRange(scores, first, first + counts[row]);
        int[] mineIds = Arrays.copyOfRange(ids, first, first + counts[row]);
        int end = first + Math.min(kept, counts[row] + others.counts[row]);
        int mine = 0;
        int theirs = first;
        for (int place = first; place < end; place++) {
            boolean exhausted = theirs == first + others.counts[row];
            if (exhausted
                    || (mine < mineIds.length
                            && comesBefore(
                                    mineScores[mine], mineIds[mine], others.scores[theirs], others.ids[theirs]))) {
                scores[place] = mineScores[mine];
                ids[place] = mineIds[mine++];
            } else {
                scores[place] = others.scores[theirs];
                ids[place] = others.ids[theirs++];
            }
        }
        counts[row] = end - first;
    }

    /** The order of tokens; ties are ordered by id. */
    public static boolean comesBefore(float score, int id, float otherScore, int otherId) {
        return score > otherScore || (score == otherScore && id < otherId);
    }

    /** The place-th best token. */
    public int id(int row, int place) {
        return ids[row * kept + place];
    }

    /** Score of the place-th best token. */
    public float score(int row, int place) {
        return scores[row * kept + place];
    }
}
