package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Head.ExpectationSums;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;

/**
 * Expected unembedding row of each distribution p: the sum over tokens v of p(v) W_v, added up tile by tile with running
 * rescaling, as flash attention does with its values. The head being linear, KL(p || q) then needs no second pass over the
 * vocabulary: E_p[z_q] is this row times q's normed residual. Where a softcap makes the head other than linear, p's own row
 * is kept instead, and the sum over the vocabulary is taken when q is known.
 */
public final class UnembeddingExpectation implements TileObserver {

    private final Head head;
    private final TorchScope scope;
    private final TorchTensor rows;
    private final ExpectationSums sums;
    private final RowStatistics statistics;

    /**
     * Nothing seen yet.
     *
     * @param rows float32 rows of the distributions before the unembedding, [r, d]: the first rows that are projected
     * @param sums of nothing yet, one for each of them
     * @param statistics of all rows that are projected
     */
    public UnembeddingExpectation(
            Head head, TorchScope scope, TorchTensor rows, ExpectationSums sums, RowStatistics statistics) {
        this.head = head;
        this.scope = scope;
        this.rows = rows;
        this.sums = sums;
        this.statistics = statistics;
    }

    @Override
    public void tile(LogitTile tile) {
        if (head.capped()) {
            return;
        }
        var maxima = new float[rows.rows()];
        var factors = new float[maxima.length];
        for (int row = 0; row < maxima.length; row++) {
            maxima[row] = statistics.maximum(row);
            factors[row] = statistics.rescaling(row);
        }
        head.addExpectation(
                scope, tile.tensor(), tile.firstToken(), tile.endToken(), new Head.Rescaling(maxima, factors), sums);
    }

    /** The expectations, once all tiles have passed. */
    public TorchTensor finish() {
        if (head.capped()) {
            head.keepRows(sums, rows);
        } else {
            head.divide(sums);
        }
        return sums.rows();
    }
}
