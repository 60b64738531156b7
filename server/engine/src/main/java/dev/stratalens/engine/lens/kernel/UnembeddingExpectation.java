package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Head.ExpectationSums;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Optional;

/**
 * Expected unembedding row of each distribution p: the sum over tokens v of p(v) W_v, added up tile by tile with
 * running rescaling, as flash attention does with its values. If the head is linear, KL(p || q) needs no second pass
 * over the vocabulary: E_p[z_q] is this row times q's row before the unembedding. With a softcap the head is not
 * linear. Then p's own row is kept, and the sum over the vocabulary is computed once q is known.
 */
final class UnembeddingExpectation {

    private final Head head;
    private final TorchScope scope;
    private final TorchTensor rows;
    private final RowStatistics statistics;
    private final Optional<ExpectationSums> sums;

    /**
     * Creates empty expectations.
     *
     * @param scope owner of the expectations
     * @param rows float32 rows of the distributions before the unembedding, [r, d]: the first projected rows
     * @param statistics statistics of all projected rows
     */
    UnembeddingExpectation(Head head, TorchScope scope, TorchTensor rows, RowStatistics statistics) {
        this.head = head;
        this.scope = scope;
        this.rows = rows;
        this.statistics = statistics;
        this.sums = head.capped() ? Optional.empty() : Optional.of(head.expectationSums(scope, rows.rows()));
    }

    /** Adds a tile after its statistics. Overwrites the tile. */
    void add(LogitTile tile) {
        sums.ifPresent(some -> add(tile, some));
    }

    /** Adds the sums over other tiles, before the statistics of both are merged. */
    void merge(UnembeddingExpectation others) {
        if (sums.isPresent() && others.sums.isPresent()) {
            head.addSums(scope, sums.get(), factors(others), others.sums.get(), others.factors(this));
        }
    }

    /** Factors that bring the sums to the larger maximum of two. */
    private float[] factors(UnembeddingExpectation others) {
        var factors = new float[rows.rows()];
        for (int row = 0; row < factors.length; row++) {
            float maximum = statistics.maximum(row);
            factors[row] = (float) Math.exp(maximum - Math.max(maximum, others.statistics.maximum(row)));
        }
        return factors;
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

    /** The expectations, after all tiles. */
    Expectations finish() {
        sums.ifPresent(head::divide);
        return new Expectations(sums.map(ExpectationSums::rows).orElse(rows));
    }
}
