package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;

/**
 * What interventions need on the device of a head: directions of tokens, and how far rows are apart. Compiled when it is made. Not
 * thread-safe; closed before the model.
 */
public final class InterventionNumbers implements AutoCloseable {

    private final Head head;
    private final TorchProgram program;

    /** Compiles the program of a head. */
    public InterventionNumbers(Head head) {
        this.head = head;
        this.program = head.interventionProgram();
    }

    /** The direction in the stream whose product with a row after the final norm is a token's logit without bias, [1, d]. */
    public TorchTensor tokenDirection(TorchScope scope, int id) {
        try (TorchTensor ids = scope.longs(new long[] {id}, 1)) {
            return program.tensor(scope, "token_directions", head.weights(), ids);
        }
    }

    /** The largest absolute difference between numbers of rows, [n, d] each. */
    public float largestDifference(TorchScope scope, TorchTensor rows, TorchTensor others) {
        try (TorchTensor largest = program.tensor(scope, "largest_difference", rows, others)) {
            return head.numbers(largest)[0];
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
