package dev.stratalens.server.lens;

import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.torch.TorchTensor;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/**
 * A tile of logits at the start of the reused buffer, row-major.
 *
 * @param tensor the buffer
 * @param view the same memory, native byte order
 * @param type FLOAT32 or BFLOAT16
 * @param rows rows of the tile
 * @param firstToken token of the first column
 * @param columns columns of the tile
 */
record LogitTile(TorchTensor tensor, ByteBuffer view, DataType type, int rows, int firstToken, int columns) {

    /** Copies a row, widened to float32, to a place in an array. */
    void copyRowTo(int row, float[] destination, int offset) {
        if (type == DataType.FLOAT32) {
            view.asFloatBuffer().get(row * columns, destination, offset, columns);
        } else {
            ShortBuffer halves = view.asShortBuffer();
            for (int i = 0; i < columns; i++) {
                destination[offset + i] = Float.intBitsToFloat(halves.get(row * columns + i) << 16);
            }
        }
    }

    /** Token after the last column. */
    int endToken() {
        return firstToken + columns;
    }
}
