package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.UnembeddingRows;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;

/**
 * Computes logits of given tokens from the stored weights with float32 accumulation. Reads rows of the unembedding in
 * place. Not thread-safe.
 */
final class TokenLogits {

    private final UnembeddingRows unembedding;
    private final List<NativeNumbers> views;
    private final int rowsPerView;
    private final int rowSize;
    private final int vocabularySize;
    private final RowKernel kernel;
    private final RowTeam team;

    /** @param team owned by the caller */
    TokenLogits(Head head, RowKernel kernel, RowTeam team) {
        this.unembedding = head.unembeddingRows();
        this.views = unembedding.views().stream()
                .map(view -> new NativeNumbers(view, unembedding.type()))
                .toList();
        this.rowsPerView = unembedding.rowsPerView();
        this.rowSize = unembedding.rowSize();
        this.vocabularySize = head.vocabularySize();
        this.kernel = kernel;
        this.team = team;
    }

    /**
     * Logits of each row's own tokens.
     *
     * @param rows float32, before the unembedding, [r, d]
     * @param ids [r * c]; -1 for none
     * @return [r * c]; 0 if there is no token
     */
    float[] ofEachRow(TorchTensor rows, int[] ids, int idsPerRow) {
        var logits = new float[ids.length];
        var numbers = new NativeNumbers(rows.directView(), DataType.FLOAT32);
        team.forEach(rows.rows(), (row, buffer) -> {
            float[] values = numbers.read(row * rowSize, rowSize, buffer, kernel);
            for (int i = row * idsPerRow; i < (row + 1) * idsPerRow; i++) {
                if (ids[i] >= 0) {
                    logits[i] = logit(values, 0, ids[i], weights(ids[i], buffer));
                }
            }
        });
        return logits;
    }

    /**
     * Logits of the same tokens in every row of a group.
     *
     * @param rows float32, before the unembedding, [r * groups, d]: the first row of every group, then the second, and so on
     * @param ids tokens of each group
     * @return [r * t] for each group
     */
    float[][] ofEachGroup(TorchTensor rows, int[][] ids) {
        var logits = new float[ids.length][];
        var numbers = new NativeNumbers(rows.directView(), DataType.FLOAT32);
        int rowsPerGroup = rows.rows() / ids.length;
        team.forEach(ids.length, (group, buffer) -> {
            int count = ids[group].length;
            var products = new float[rowsPerGroup * count];
            float[] values = numbers.everyNth(ids.length, group, rowSize, rowsPerGroup, buffer);
            for (int token = 0; token < count; token++) {
                int id = ids[group][token];
                float[] weights = weights(id, buffer);
                for (int row = 0; row < rowsPerGroup; row++) {
                    products[row * count + token] = logit(values, row * rowSize, id, weights);
                }
            }
            logits[group] = products;
        });
        return logits;
    }

    /**
     * Logits of all tokens.
     *
     * @param rows a few, float32, before the unembedding, [r, d]
     * @return [r * V]
     */
    float[] ofAllTokens(TorchTensor rows) {
        int count = rows.rows();
        float[] values = rows.floats();
        var logits = new float[Math.multiplyExact(count, vocabularySize)];
        team.forEach(vocabularySize, (token, buffer) -> {
            float[] weights = weights(token, buffer);
            for (int row = 0; row < count; row++) {
                logits[row * vocabularySize + token] = logit(values, row * rowSize, token, weights);
            }
        });
        return logits;
    }

    private float logit(float[] values, int first, int token, float[] weights) {
        return unembedding.logit(kernel.dot(values, first, weights, rowSize), token);
    }

    private float[] weights(int token, RowBuffer buffer) {
        return views.get(token / rowsPerView).read(token % rowsPerView * rowSize, rowSize, buffer.second(), kernel);
    }
}
