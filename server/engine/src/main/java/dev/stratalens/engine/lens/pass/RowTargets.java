package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.kernel.RowStatistics;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Targets of a block of rows and their logits, which are needed before the rows are projected.
 *
 * @param perRow targets of each row, m: those of the plan that has most
 * @param ids [r * m]; -1 for none
 * @param logits [r * m], with float32 accumulation
 */
record RowTargets(int perRow, int[] ids, float[] logits) {

    /** @param rows float32, [r, d], one for each cell */
    static RowTargets of(HeadReader reader, TorchTensor rows, List<Cell> cells) {
        int perRow = cells.stream()
                .mapToInt(cell -> cell.run().plan().targets().size())
                .max()
                .orElse(0);
        var ids = new int[cells.size() * perRow];
        Arrays.fill(ids, -1);
        for (int row = 0; row < cells.size(); row++) {
            Cell cell = cells.get(row);
            int count = cell.run().plan().targets().size();
            System.arraycopy(cell.run().targetIds(), cell.position() * count, ids, row * perRow, count);
        }
        return new RowTargets(
                perRow, ids, perRow == 0 ? new float[0] : reader.tokenLogits().ofEachRow(rows, ids, perRow));
    }

    /** Fresh statistics of these rows. */
    RowStatistics statistics(int rows, int kept) {
        return new RowStatistics(rows, kept, perRow, ids, logits);
    }
}
