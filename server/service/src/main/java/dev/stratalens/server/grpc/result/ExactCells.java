package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.v1.CellChunk;
import java.util.List;

/** Numbers of cells as they were computed. */
final class ExactCells implements CellForm {

    private final int topK;
    private final CellTargets targets;
    private final List<ColumnCode> columns;
    private final CompactCells compact;

    /**
     * @param targetIds [p * m]; negative where there is none
     * @param compact the other form, whose differences begin anew after an exact chunk
     */
    ExactCells(LensPlan plan, int[] targetIds, List<ColumnCode> columns, CompactCells compact) {
        this.topK = plan.topK();
        this.targets = new CellTargets(plan, targetIds);
        this.columns = columns;
        this.compact = compact;
    }

    @Override
    public boolean has(CellReadout cells, int first, int end) {
        return true;
    }

    @Override
    public void add(CellChunk.Builder chunk, CellReadout cells, int first, int end) {
        for (int i = first * topK; i < end * topK; i++) {
            chunk.addLogProbs(cells.topLogProbs()[i]);
        }
        for (int position = first; position < end; position++) {
            for (int i = 0; i < targets.count(); i++) {
                if (targets.exists(position, i)
                        && targets.prediction(cells, position, i) < 0
                        && targets.twin(position, i) < 0) {
                    chunk.addTargetLogProbs(cells.targetLogProbs()[position * targets.count() + i]);
                }
            }
        }
        for (ColumnCode column : columns) {
            float[] values = cells.columns().of(column.statistic());
            for (int position = first; position < end; position++) {
                chunk.addColumnValues(values[position]);
            }
        }
        compact.forget(cells.lens(), first, end);
    }
}
