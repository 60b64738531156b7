package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;

/**
 * Direct attribution: a logit before the softcap as the sum of what was added to the stream. The scale of the final norm is taken
 * as it is for the last row, which makes the norm linear. On the device of a head. Not thread-safe; closed before the model.
 */
public final class LogitShares implements AutoCloseable {

    private final Head head;
    private final TorchProgram program;

    /** Compiles the program of a head. */
    public LogitShares(Head head) {
        this.head = head;
        this.program = head.attributionProgram();
    }

    /**
     * Directions toward the logits of tokens.
     *
     * @param rows residual rows after the last block, [n, d]
     * @param ids tokens, one for each row, [n]
     * @return float32, [n, d]
     */
    public TorchTensor directions(TorchScope scope, TorchTensor rows, long[] ids) {
        try (TorchTensor tokens = scope.longs(ids, ids.length)) {
            return program.tensor(scope, "directions", rows, head.weights(), tokens);
        }
    }

    /** What the biases of the final norm and of the head add to the logits of tokens, [n]. */
    public float[] biases(TorchScope scope, long[] ids) {
        try (TorchTensor tokens = scope.longs(ids, ids.length);
                TorchTensor shares = program.tensor(scope, "bias_shares", head.weights(), tokens)) {
            return head.numbers(shares);
        }
    }

    /**
     * What rows write along directions.
     *
     * @param rows that were added to the stream, [n, d]
     * @param directions one for each row, [n, d]
     * @return [n]
     */
    public float[] shares(TorchScope scope, TorchTensor rows, TorchTensor directions) {
        try (TorchTensor shares = program.tensor(scope, "shares", rows, directions)) {
            return head.numbers(shares);
        }
    }

    /** Logits of sums: after the softcap, if the head has one. */
    public float[] capped(TorchScope scope, float[] totals) {
        try (TorchTensor sums = scope.floats(totals, totals.length);
                TorchTensor logits = program.tensor(scope, "capped_totals", sums)) {
            return head.numbers(logits);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
