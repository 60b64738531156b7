package dev.stratalens.server.lens;

/** Takes the statistics of a tile: one read of its logits for all of them. */
interface StatisticsPass extends AutoCloseable {

    /** Adds a tile to the statistics of its rows. Tiles of the same rows come from left to right. */
    void accept(LogitTile tile, RowStatistics statistics);

    @Override
    void close();
}
