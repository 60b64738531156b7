package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.row.BestTokens;
import dev.stratalens.engine.lens.result.CellReadout;

/** The predictions of one cell, which are kept in the order of probability. */
final class Predictions {

    private final CellReadout cells;
    private final int first;
    private final float logSumExp;
    private int count;
    private int best;

    /** @param first index of the cell's first prediction */
    Predictions(CellReadout cells, int first, float logSumExp) {
        this.cells = cells;
        this.first = first;
        this.logSumExp = logSumExp;
    }

    int count() {
        return count;
    }

    /** The token that was added first. */
    int best() {
        return best;
    }

    void add(int id, float logit) {
        float logProb = logit - logSumExp;
        int[] ids = cells.topIds();
        float[] logProbs = cells.topLogProbs();
        int place = first + count;
        while (place > first && BestTokens.comesBefore(logProb, id, logProbs[place - 1], ids[place - 1])) {
            ids[place] = ids[place - 1];
            logProbs[place] = logProbs[place - 1];
            place--;
        }
        ids[place] = id;
        logProbs[place] = logProb;
        best = count == 0 ? id : best;
        count++;
    }
}
