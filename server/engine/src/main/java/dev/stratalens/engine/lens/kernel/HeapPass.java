package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.BestTokens;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;

/**
 * Reads a tile's logits once for all statistics. Each row of the tile is copied to the heap, and a kernel reads it while
 * it is in the cache. This takes a fraction of the time of the product, while tensor operators would take as long as the
 * product.
 */
final class HeapPass {

    private final RowKernel kernel;

    HeapPass(RowKernel kernel) {
        this.kernel = kernel;
    }

    /** Adds a tile to the statistics of its rows. Tiles of the same rows come from left to right. */
    void accept(LogitTile tile, RowStatistics statistics, RowBuffer buffer) {
        for (int row = 0; row < tile.rows(); row++) {
            float[] logits = tile.numbers().read(row * tile.columns(), tile.columns(), buffer, kernel);
            kernel.accept(logits, tile.columns(), tile.firstToken(), statistics, row);
        }
    }

    /** Adds a tile to the first tokens of its rows in another order. Tiles of the same rows come from left to right. */
    void rank(LogitTile tile, Ranking ranking, BestTokens best, RowBuffer buffer) {
        for (int row = 0; row < tile.rows(); row++) {
            float[] logits = tile.numbers().read(row * tile.columns(), tile.columns(), buffer, kernel);
            float[] scores = buffer.second().numbers(tile.columns());
            ranking.score(logits, tile.columns(), tile.firstToken(), scores);
            kernel.offer(scores, tile.columns(), tile.firstToken(), best, row);
        }
    }
}
