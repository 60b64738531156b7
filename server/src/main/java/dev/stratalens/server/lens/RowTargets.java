package dev.stratalens.server.lens;

import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;

/**
 * Targets of a block of rows and their logits, which are needed before the rows are projected.
 *
 * @param perRow targets of each row, m
 * @param ids [r * m]; -1 for none
 * @param logits [r * m], with float32 accumulation
 */
record RowTargets(int perRow, int[] ids, float[] logits) {

    /**
     * Targets of consecutive rows.
     *
     * @param rows float32, [r, d]
     * @param firstRow stacked index of the first one
     * @param idsByPosition [p * m]
     */
    static RowTargets of(
            Head head, TorchScope scope, TorchTensor rows, int firstRow, int[] idsByPosition, LensPlan plan) {
        int perRow = plan.targets().size();
        if (perRow == 0) {
            return new RowTargets(0, new int[0], new float[0]);
        }
        var ids = new int[rows.rows() * perRow];
        var lookups = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int position = (firstRow + i / perRow) % plan.positions().length;
            ids[i] = idsByPosition[position * perRow + i % perRow];
            lookups[i] = Math.max(0, ids[i]);
        }
        return new RowTargets(perRow, ids, head.logitsOf(scope, rows, lookups, perRow));
    }

    /** Fresh statistics of these rows. */
    RowStatistics statistics(int rows, int kept) {
        return new RowStatistics(rows, kept, perRow, ids, logits);
    }
}
