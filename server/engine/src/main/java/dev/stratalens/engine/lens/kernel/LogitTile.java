package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchTensor;

/**
 * A tile of logits at the start of the reused buffer, row-major.
 *
 * @param tensor the buffer
 * @param numbers the same memory
 * @param rows number of rows
 * @param firstToken token of the first column
 * @param columns number of columns
 */
record LogitTile(TorchTensor tensor, NativeNumbers numbers, int rows, int firstToken, int columns) {

    /** Token after the last column. */
    int endToken() {
        return firstToken + columns;
    }
}
