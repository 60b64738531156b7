package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;

/**
 * Multiplies rows with the unembedding, tile by tile into one reused buffer, and takes the statistics of each tile while it
 * is warm. Neither [layers, positions, V] nor [positions, V] ever exists. Not thread-safe.
 */
public final class TiledProjection implements AutoCloseable {

    private final Head head;
    private final StatisticsPass pass;
    private final TileGeometry geometry;
    private final TorchScope scope;
    private final TorchTensor buffer;
    private final NativeNumbers numbers;

    public TiledProjection(Head head, StatisticsPass pass, TileGeometry geometry) {
        this.head = head;
        this.pass = pass;
        this.geometry = geometry;
        this.scope = head.scope();
        this.buffer = head.tileBuffer(scope, geometry.elements());
        this.numbers = new NativeNumbers(buffer.directView(), head.computeType());
    }

    /** Most rows of one call. */
    public int rowLimit() {
        return geometry.rows();
    }

    /**
     * Reads rows.
     *
     * @param rows float32 rows before the unembedding, at most {@link #rowLimit()}
     * @param statistics of as many rows
     * @param observers see each tile in turn; only the last may change it
     */
    public void read(
            TorchTensor rows, RowStatistics statistics, List<TileObserver> observers, Cancellation cancellation) {
        try (TorchScope step = scope.child()) {
            TorchTensor rounded = head.rounded(step, rows);
            int columns = geometry.columnsFor(statistics.rows());
            for (int first = 0; first < head.vocabularySize(); first += columns) {
                cancellation.throwIfCancelled();
                int last = Math.min(first + columns, head.vocabularySize());
                head.projectTile(rounded, first, last, buffer);
                var tile = new LogitTile(buffer, numbers, statistics.rows(), first, last - first);
                pass.accept(tile, statistics);
                observers.forEach(observer -> observer.tile(tile));
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
