package dev.stratalens.server.lens;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * The statistics pass of CPU models: rows of the tile are copied to the heap, one at a time and thread, and read by a kernel
 * while they are in the cache. A fraction of the product's own time, where operators take as long as the product.
 */
final class HeapPass implements StatisticsPass {

    private static final int PARTS_PER_THREAD = 4;

    private final RowKernel kernel;
    private final ForkJoinPool pool;
    private final ThreadLocal<float[]> rowBuffer;

    /**
     * A pass over tiles of at most so many columns.
     *
     * @param threads rows are shared out over
     */
    HeapPass(RowKernel kernel, int threads, int maximumColumns) {
        this.kernel = kernel;
        this.pool = new ForkJoinPool(threads);
        this.rowBuffer = ThreadLocal.withInitial(() -> new float[maximumColumns]);
    }

    @Override
    public void accept(LogitTile tile, RowStatistics statistics) {
        int parts = Math.min(tile.rows(), pool.getParallelism() * PARTS_PER_THREAD);
        try {
            pool.submit(() -> IntStream.range(0, parts).parallel().forEach(part -> {
                        int end = (int) ((part + 1L) * tile.rows() / parts);
                        for (int row = (int) ((long) part * tile.rows() / parts); row < end; row++) {
                            float[] logits = rowBuffer.get();
                            tile.copyRowTo(row, logits, 0);
                            kernel.accept(logits, tile.columns(), tile.firstToken(), statistics, row);
                        }
                    }))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a tile", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
