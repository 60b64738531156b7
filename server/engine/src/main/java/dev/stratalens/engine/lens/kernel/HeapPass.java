package dev.stratalens.engine.lens.kernel;

/**
 * Reads a tile's logits once for all statistics. Each thread copies a row of the tile to the heap, and a kernel reads
 * it while it is in the cache. This takes a fraction of the time of the product, while tensor operators would take as
 * long as the product.
 */
final class HeapPass {

    private final RowKernel kernel;
    private final RowTeam team;

    /** @param team threads for the rows; owned by the caller */
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
