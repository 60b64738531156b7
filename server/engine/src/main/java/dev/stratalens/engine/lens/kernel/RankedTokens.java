package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.BestTokens;

/**
 * First tokens of each row in the order of a {@link Ranking}; in low precision, in about this order. Arrays are not copied: read-only.
 *
 * @param kept number of tokens of each row, c
 * @param ids [r * c]
 * @param logits [r * c]
 */
public record RankedTokens(int kept, int[] ids, float[] logits) {

    static RankedTokens of(BestTokens tokens, int rows, Ranking ranking) {
        int kept = tokens.kept();
        var ids = new int[rows * kept];
        var logits = new float[rows * kept];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens.id(i / kept, i % kept);
            logits[i] = ranking.sign() * tokens.score(i / kept, i % kept);
        }
        return new RankedTokens(kept, ids, logits);
    }

    /** The same tokens with exact logits, in order again. */
    RankedTokens rescored(float[] exact, Ranking ranking) {
        var sorted = new int[ids.length];
        var sortedLogits = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int first = i / kept * kept;
            int place = i;
            while (place > first
                    && BestTokens.comesBefore(
                            ranking.sign() * exact[i],
                            ids[i],
                            ranking.sign() * sortedLogits[place - 1],
                            sorted[place - 1])) {
                sorted[place] = sorted[place - 1];
                sortedLogits[place] = sortedLogits[place - 1];
                place--;
            }
            sorted[place] = ids[i];
            sortedLogits[place] = exact[i];
        }
        return new RankedTokens(kept, sorted, sortedLogits);
    }
}
