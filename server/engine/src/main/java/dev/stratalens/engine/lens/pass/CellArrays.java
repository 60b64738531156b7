package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;

/** Results of one lens at one read point while its positions come in. */
final class CellArrays {

    final int[] topIds;
    final float[] topLogProbs;
    final float[] logSumExps;
    final int[] targetRanks;
    final float[] targetLogProbs;
    final Columns columns;
    private final int topK;
    private final int targets;

    CellArrays(LensPlan plan) {
        int positions = plan.positions().length;
        topK = plan.topK();
        targets = plan.targets().size();
        topIds = new int[positions * topK];
        topLogProbs = new float[positions * topK];
        logSumExps = new float[positions];
        targetRanks = new int[positions * targets];
        targetLogProbs = new float[positions * targets];
        columns = Columns.unknown(plan.statistics(), positions);
    }

    /**
     * Writes what a projected row says.
     *
     * @param row index in the readout
     * @param position index into the plan's positions
     */
    void write(RowReadout readout, int row, int position) {
        float logSumExp = readout.logSumExps()[row];
        logSumExps[position] = logSumExp;
        for (int i = 0; i < topK; i++) {
            topIds[position * topK + i] = readout.topIds()[row * readout.kept() + i];
            topLogProbs[position * topK + i] = readout.topLogits()[row * readout.kept() + i] - logSumExp;
        }
        int perRow = readout.targetRanks().length / readout.logSumExps().length;
        for (int target = 0; target < targets; target++) {
            targetRanks[position * targets + target] = readout.targetRanks()[row * perRow + target];
            targetLogProbs[position * targets + target] = readout.targetLogits()[row * perRow + target] - logSumExp;
        }
        columns.set(Statistic.LOG_SUM_EXP, position, logSumExp);
        columns.set(Statistic.ENTROPY, position, readout.entropies()[row]);
        if (columns.statistics().contains(Statistic.MARGIN)) {
            columns.set(Statistic.MARGIN, position, readout.margin(row));
        }
    }

    /**
     * Adds KL(other || cell) = log-sum-exp - entropy of the other - logit that the other expects.
     *
     * @param statistic by which the other is known
     */
    void setKl(Statistic statistic, int position, double entropy, double expectedLogit) {
        // Rounding can make it negative by 1e-6.
        columns.set(statistic, position, Math.max(0, logSumExps[position] - entropy - expectedLogit));
    }

    CellReadout readout(int lens, int readPoint) {
        return new CellReadout(lens, readPoint, topIds, topLogProbs, targetRanks, targetLogProbs, columns);
    }
}
