package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowStatistics;
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
     * @param row index in the readout and the statistics
     * @param position index into the plan's positions
     */
    void write(RowReadout readout, RowStatistics statistics, int row, int position) {
        readout.requireFinite(row);
        float logSumExp = readout.logSumExps()[row];
        logSumExps[position] = logSumExp;
        for (int i = 0; i < topK; i++) {
            topIds[position * topK + i] = readout.topIds()[row * readout.kept() + i];
            topLogProbs[position * topK + i] = readout.topLogits()[row * readout.kept() + i] - logSumExp;
        }
        for (int target = 0; target < targets; target++) {
            int cell = position * targets + target;
            boolean exists = statistics.targetId(row, target) >= 0;
            targetRanks[cell] = statistics.rank(row, target);
            targetLogProbs[cell] = exists ? statistics.targetLogit(row, target) - logSumExp : Float.NaN;
        }
        columns.set(Statistic.LOG_SUM_EXP, position, logSumExp);
        columns.set(Statistic.ENTROPY, position, statistics.entropy(row));
    }

    CellReadout readout(int lens, int readPoint) {
        return new CellReadout(lens, readPoint, topIds, topLogProbs, targetRanks, targetLogProbs, columns);
    }
}
