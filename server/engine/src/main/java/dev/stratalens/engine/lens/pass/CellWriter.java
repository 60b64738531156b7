package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.RankedTokens;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;

/** Writes the numbers of projected rows into cells. */
final class CellWriter {

    private CellWriter() {}

    /**
     * Writes the numbers of a projected row.
     *
     * @param position index into the plan's positions
     * @param rows the readout with the row
     * @param row index of the row
     * @param order of its predictions: index of a further order of the readout; negative for that of logits
     */
    static void write(CellReadout cells, int position, RowReadout rows, int row, int order) {
        float logSumExp = rows.logSumExps()[row];
        cells.logSumExps()[position] = logSumExp;
        int topK = cells.topIds().length / cells.logSumExps().length;
        var predictions = new Predictions(cells, position * topK, logSumExp);
        int first = row * rows.kept();
        for (int i = 0; i < (order < 0 ? topK : 1); i++) {
            predictions.add(rows.topIds()[first + i], rows.topLogits()[first + i]);
        }
        if (order >= 0) {
            addOthers(predictions, topK, rows.ranked().get(order), row);
        }
        int targets = cells.targetRanks().length / cells.logSumExps().length;
        int perRow = rows.targetRanks().length / rows.logSumExps().length;
        for (int i = 0; i < targets; i++) {
            cells.targetRanks()[position * targets + i] = rows.targetRanks()[row * perRow + i];
            cells.targetLogProbs()[position * targets + i] = rows.targetLogits()[row * perRow + i] - logSumExp;
        }
        Columns columns = cells.columns();
        columns.set(Statistic.LOG_SUM_EXP, position, logSumExp);
        columns.set(Statistic.ENTROPY, position, rows.entropies()[row]);
        if (columns.statistics().contains(Statistic.CROSS_ENTROPY)) {
            // After the targets; NaN if there is no next token.
            columns.set(
                    Statistic.CROSS_ENTROPY,
                    position,
                    Math.max(0, logSumExp - rows.targetLogits()[row * perRow + targets]));
        }
        if (columns.statistics().contains(Statistic.MARGIN)) {
            columns.set(Statistic.MARGIN, position, rows.margin(row));
        }
    }

    /** Adds the first tokens of an order but the best one, which is there. */
    private static void addOthers(Predictions predictions, int topK, RankedTokens ranked, int row) {
        for (int i = row * ranked.kept(); predictions.count() < topK; i++) {
            if (ranked.ids()[i] != predictions.best()) {
                predictions.add(ranked.ids()[i], ranked.logits()[i]);
            }
        }
    }

    /**
     * Writes KL(other || cell) = log-sum-exp - entropy of the other - expected logit under the other.
     *
     * @param statistic the statistic for this other distribution
     */
    static void writeKl(CellReadout cells, int position, Statistic statistic, double entropy, double expectedLogit) {
        // Rounding can make the divergence negative by 1e-6.
        double divergence = Math.max(0, cells.logSumExps()[position] - entropy - expectedLogit);
        cells.columns().set(statistic, position, divergence);
    }
}
