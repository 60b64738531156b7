package dev.stratalens.engine.model;

import dev.stratalens.engine.checkpoint.DataType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The unembedding as memory, row by row, and the steps after its products. A buffer holds less than 2 GiB, so there may
 * be several.
 *
 * @param views consecutive rows, in native byte order
 * @param rowSize numbers of a row, d
 * @param type FLOAT32 or BFLOAT16
 * @param bias of each token, [V]; empty for none
 * @param softcap c of c * tanh(logit / c); 0 for none
 */
public record UnembeddingRows(List<ByteBuffer> views, int rowSize, DataType type, float[] bias, float softcap) {

    private static final long VIEW_BYTES = 1L << 30;

    /** Copies the list. */
    public UnembeddingRows {
        views = List.copyOf(views);
    }

    /** Number of rows of each view except the last. */
    public int rowsPerView() {
        return rowsPerView(rowSize, type);
    }

    static int rowsPerView(int rowSize, DataType type) {
        return (int) Math.max(1, VIEW_BYTES / ((long) rowSize * type.byteSize()));
    }

    /** The logit of a token from the product of a row with the token's row. */
    public float logit(float product, int token) {
        float biased = bias.length == 0 ? product : product + bias[token];
        return softcap == 0 ? biased : softcap * (float) Math.tanh(biased / softcap);
    }
}
