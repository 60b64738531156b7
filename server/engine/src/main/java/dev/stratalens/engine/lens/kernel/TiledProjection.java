package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Multiplies rows with the unembedding, tile by tile. Each thread takes every n-th tile, into a buffer of its own, and
 * reads it while it is in that thread's cache: threads that share each product and each tile wait for each other twice a
 * tile, which costs more than reading the tile. Neither [layers, positions, V] nor [positions, V] ever exists. Not
 * thread-safe.
 */
final class TiledProjection implements AutoCloseable {

    /** Bytes that the expectations of all threads may take together. */
    private static final long MOST_SUMS_BYTES = 256L << 20;

    private final Head head;
    private final TileGeometry geometry;
    private final RowTeam team;
    private final long logitsWorthAThread;
    private final TorchScope scope;
    private final List<TileMemory> memories;

    /** A tile's memory, and that of one of its rows on the heap. */
    private record TileMemory(TorchTensor tile, NativeNumbers numbers, RowBuffer row) {}

    /** @param logitsWorthAThread number of logits for which it pays to wake a thread */
    TiledProjection(Head head, TileGeometry geometry, RowTeam team, long logitsWorthAThread) {
        this.head = head;
        this.geometry = geometry;
        this.team = team;
        this.logitsWorthAThread = logitsWorthAThread;
        this.scope = head.scope();
        this.memories = Stream.generate(() -> head.tileBuffer(scope, geometry.elements()))
                .limit(team.threads())
                .map(tile ->
                        new TileMemory(tile, new NativeNumbers(tile.directView(), head.computeType()), new RowBuffer()))
                .toList();
    }

    /** Bytes that a block takes at most, with expectations of all rows. */
    long workBytes() {
        long tile = (long) geometry.elements() * head.computeType().byteSize();
        // In low precision probabilities in both types, and a product.
        long expectation = (long) geometry.elements() * (Float.BYTES + Short.BYTES) + sumsBytes(geometry.rows());
        return team.threads() * (tile + expectation)
                + (workers(geometry.rows(), geometry.rows()) - 1) * sumsBytes(geometry.rows());
    }

    /** Number of threads for a block of rows. Each thread keeps sums for the rows that have expectations. */
    int workers(int rows, int expected) {
        long worth = (long) rows * head.vocabularySize() / logitsWorthAThread;
        long room = expected == 0 || head.capped() ? Long.MAX_VALUE : MOST_SUMS_BYTES / sumsBytes(expected);
        return (int) Math.max(1, Math.min(Math.min(worth, room), team.threads()));
    }

    private long sumsBytes(int rows) {
        return (long) rows * (head.width() + 2) * Float.BYTES;
    }

    /**
     * Reads rows.
     *
     * @param rows float32 rows before the unembedding, at most those of the geometry
     * @param shares one for each worker
     */
    void read(TorchTensor rows, List<TileShare> shares, Cancellation cancellation) {
        try (TorchScope step = scope.child()) {
            TorchTensor rounded = head.rounded(step, rows);
            int columns = geometry.columnsFor(head.vocabularySize(), shares.size());
            team.run(shares.size(), worker -> {
                TileMemory memory = memories.get(worker);
                for (int first = worker * columns; first < head.vocabularySize(); first += shares.size() * columns) {
                    cancellation.throwIfCanceled();
                    int last = Math.min(first + columns, head.vocabularySize());
                    head.projectTile(rounded, first, last, memory.tile());
                    var tile = new LogitTile(memory.tile(), memory.numbers(), rows.rows(), first, last - first);
                    shares.get(worker).accept(tile, memory.row());
                }
            });
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
