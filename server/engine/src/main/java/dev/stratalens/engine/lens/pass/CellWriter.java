package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowStatistics;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.Statistic;

/** Writes what a projected row says to its layer. */
final class CellWriter {

    private CellWriter() {}

    /**
     * Writes a cell.
     *
     * @param row index in the readout and the statistics
     * @param position index into the plan's positions
     */
    static void write(
            RowReadout readout, RowStatistics statistics, int row, LayerArrays layer, int position, LensPlan plan) {
        readout.requireFinite(row);
        int topK = plan.topK();
        float logSumExp = readout.logSumExps()[row];
        layer.logSumExps[position] = logSumExp;
        for (int i = 0; i < topK; i++) {
            layer.topIds[position * topK + i] = readout.topIds()[row * readout.kept() + i];
            layer.topLogProbs[position * topK + i] = readout.topLogits()[row * readout.kept() + i] - logSumExp;
        }
        int targets = plan.targets().size();
        for (int target = 0; target < targets; target++) {
            int cell = position * targets + target;
            boolean exists = statistics.targetId(row, target) >= 0;
            layer.targetRanks[cell] = statistics.rank(row, target);
            layer.targetLogProbs[cell] = exists ? statistics.targetLogit(row, target) - logSumExp : Float.NaN;
        }
        if (plan.statistics().contains(Statistic.ENTROPY)) {
            layer.entropies[position] = (float) statistics.entropy(row);
        }
    }
}
