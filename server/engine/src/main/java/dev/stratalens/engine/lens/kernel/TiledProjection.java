package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.function.Consumer;

/**
 * Multiplies rows with the unembedding, tile by tile into one reused buffer, and computes the statistics of each tile
 * while it is in the cache. Neither [layers, positions, V] nor [positions, V] ever exists. Not thread-safe.
 */
final class TiledProjection implements AutoCloseable {

    private final Head head;
    private final HeapPass pass;
    private final TileGeometry geometry;
    private final TorchScope scope;
    private final TorchTensor buffer;
    private final NativeNumbers numbers;

    TiledProjection(Head head, HeapPass pass, TileGeometry geometry) {
        this.head = head;
        this.pass = pass;
        this.geometry = geometry;
        this.scope = head.scope();
        this.buffer = head.tileBuffer(scope, geometry.elements());
        this.numbers = new NativeNumbers(buffer.directView(), head.computeType());
    }

    /**
     * Reads rows.
     *
     * @param rows float32 rows before the unembedding, at most those of the geometry
     * @param statistics statistics of the rows
     * @param then receives each tile after its statistics, and may overwrite it
     */
    void read(TorchTensor rows, RowStatistics statistics, Consumer<LogitTile> then, Cancellation cancellation) {
        try (TorchScope step = scope.child()) {
            TorchTensor rounded = head.rounded(step, rows);
            int columns = geometry.columnsFor(statistics.rows());
            for (int first = 0; first < head.vocabularySize(); first += columns) {
                cancellation.throwIfCanceled();
                int last = Math.min(first + columns, head.vocabularySize());
                head.projectTile(rounded, first, last, buffer);
                var tile = new LogitTile(buffer, numbers, statistics.rows(), first, last - first);
                pass.accept(tile, statistics);
                then.accept(tile);
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
