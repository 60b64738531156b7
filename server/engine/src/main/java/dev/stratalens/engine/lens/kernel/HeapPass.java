package dev.stratalens.engine.lens.kernel;

/**
 * One read of a tile's logits for all statistics: rows of the tile are copied to the heap, one at a time and thread, and read by a kernel
 * while they are in the cache. A fraction of the product's own time, where operators take as long as the product.
 */
final class HeapPass {

    private final RowKernel kernel;
    private final RowTeam team;

    /** @param team rows are shared out over; stays the caller's */
    HeapPass(RowKernel kernel, RowTeam team) {
        this.kernel = kernel;
        this.team = team;
    }

    /** Adds a tile to the statistics of its rows. Tiles of the same rows come from left to right. */
    void accept(LogitTile tile, RowStatistics statistics) {
        team.forEach(
                tile.rows(),
                (row, buffer) -> kernel.accept(
                        tile.numbers().read(row * tile.columns(), tile.columns(), buffer, kernel),
                        tile.columns(),
                        tile.firstToken(),
                        statistics,
                        row));
    }
}
