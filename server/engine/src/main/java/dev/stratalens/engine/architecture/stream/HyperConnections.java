package dev.stratalens.engine.architecture.stream;

import java.util.Map;

/**
 * Hyper-connections whose mixing matrices are doubly stochastic (Xie et al., 2026): each branch reads a weighted sum of the
 * streams, its output joins all of them, and the streams mix, with weights from the streams themselves. The model reads a weighted
 * sum. Rows also carry the id of the token, in {@link #DIGITS} columns.
 *
 * @param count of the streams, 2 or more
 * @param iterations of the normalization of rows and columns
 * @param epsilon added to weights and sums
 */
public record HyperConnections(int count, int iterations, double epsilon) implements ResidualStreams {

    /** Columns of a token's id. */
    public static final int DIGITS = 4;

    @Override
    public String program() {
        return "hyper_connections";
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of(
                "stream_count", (long) count,
                "sinkhorn_iterations", (long) iterations,
                "stream_epsilon", epsilon,
                "token_digits", (long) DIGITS);
    }
}
