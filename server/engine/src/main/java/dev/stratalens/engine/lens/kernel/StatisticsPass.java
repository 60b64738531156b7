package dev.stratalens.engine.lens.kernel;

/** Takes the statistics of a tile: one read of its logits for all of them. */
@FunctionalInterface
interface StatisticsPass {

    /** Adds a tile to the statistics of its rows. Tiles of the same rows come from left to right. */
    void accept(LogitTile tile, RowStatistics statistics);
}
