package dev.stratalens.server.lens;

/** Takes the statistics of one row of a tile. Stateless: rows are shared out over threads. */
interface RowKernel {

    /**
     * Adds a row to its statistics.
     *
     * @param logits the row, at the start of the array; the array may be longer
     * @param columns number of logits, 1 or more
     * @param firstToken token of the first one
     */
    void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row);
}
