package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Head.ExpectationSums;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Optional;

/**
 * Expected unembedding row of each distribution p: the sum over tokens v of p(v) W_v, added up tile by tile with running
 * rescaling, as flash attention does with its values. The head being linear, KL(p || q) then needs no second pass over the
 * vocabulary: E_p[z_q] is this row times q's row before the unembedding. Where a softcap makes the head other than linear,
 * p's own row is kept instead, and the sum over the vocabulary is taken when q is known.
 */
final class UnembeddingExpectation {

    private final Head head;
    private final TorchScope scope;
    private final TorchTensor rows;
    private final RowStatistics statistics;
    private final Optional<ExpectationSums> sums;

    /**
     * Nothing seen yet.
     *
     * @param scope owner of the expectations
     * @param rows float32 rows of the distributions before the unembedding, [r, d]: the first rows that are projected
     * @param statistics of all rows that are projected
     */
    UnembeddingExpectation(Head head, TorchScope scope, TorchTensor rows, RowStatistics statistics) {
        this.head = head;
        this.scope = scope;
        this.rows = rows;
        this.statistics = statistics;
        this.sums = head.capped() ? Optional.empty() : Optional.of(head.expectationSums(scope, rows.rows()));
    }

    /** Adds a tile, whose statistics were taken. Overwrites the tile. */
    void add(LogitTile tile) {
        sums.ifPresent(some -> add(tile, some));
    }

    private void add(LogitTile tile, ExpectationSums some) {
        var maxima = new float[rows.rows()];
        var factors = new float[maxima.length];
        for (int row = 0; row < maxima.length; row++) {
            maxima[row] = statistics.maximum(row);
            factors[row] = statistics.rescaling(row);
        }
        head.addExpectation(
                scope, tile.tensor(), tile.firstToken(), tile.endToken(), new Head.Rescaling(maxima, factors), some);
    }

    /** The expectations, once all tiles have passed. */
    Expectations finish() {
        sums.ifPresent(head::divide);
        return new Expectations(sums.map(ExpectationSums::rows).orElse(rows));
    }
}
