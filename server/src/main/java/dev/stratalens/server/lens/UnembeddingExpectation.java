package dev.stratalens.server.lens;

import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.Head.Rescaling;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;

/**
 * Expected unembedding row of each distribution p: the sum over tokens v of p(v) W_v, added up tile by tile with running
 * rescaling, as flash attention does with its values. The head being linear, KL(p || q) then needs no second pass over the
 * vocabulary: E_p[z_q] is this row times q's normed residual. Where a softcap makes the head other than linear, p's own row
 * is kept instead, and the sum over the vocabulary is taken when q is known.
 */
final class UnembeddingExpectation implements TileObserver {

    private final Head head;
    private final TorchScope scope;
    private final RowStatistics statistics;
    private final TorchTensor rows;
    private final TorchTensor sums;

    /**
     * Starts where the sums stand.
     *
     * @param rows float32 rows of the distributions before the unembedding, [r, d]
     * @param sums zeros, float32, [r, d], as many rows as the statistics have; in the end they hold the expectations
     */
    UnembeddingExpectation(Head head, TorchScope scope, TorchTensor rows, TorchTensor sums, RowStatistics statistics) {
        this.head = head;
        this.scope = scope;
        this.statistics = statistics;
        this.rows = rows;
        this.sums = sums;
    }

    @Override
    public void tile(LogitTile tile) {
        if (head.capped()) {
            return;
        }
        var maxima = new float[statistics.rows()];
        var factors = new float[statistics.rows()];
        for (int row = 0; row < maxima.length; row++) {
            maxima[row] = statistics.maximum(row);
            factors[row] = statistics.rescaling(row);
        }
        head.addExpectation(
                scope, tile.tensor(), tile.firstToken(), tile.endToken(), new Rescaling(maxima, factors), sums);
    }

    /** The sums as expectations, once all tiles have passed. */
    TorchTensor finish() {
        if (head.capped()) {
            head.keepRows(sums, rows);
            return sums;
        }
        var divisors = new float[statistics.rows()];
        for (int row = 0; row < divisors.length; row++) {
            divisors[row] = (float) statistics.sum(row);
        }
        head.divideRows(scope, sums, divisors);
        return sums;
    }
}
