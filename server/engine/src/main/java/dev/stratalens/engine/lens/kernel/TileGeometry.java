package dev.stratalens.engine.lens.kernel;

import java.util.Optional;

/**
 * The size of a tile of logits: enough rows to make use of each read of the unembedding, and few enough columns to stay
 * in the cache between the product and the statistics.
 *
 * @param rows largest number of rows
 * @param columns largest number of columns
 */
public record TileGeometry(int rows, int columns) {

    private static final int ROWS = 768;
    private static final int COLUMNS = 3072;

    /** Columns below which a product is slow. */
    private static final int LEAST_COLUMNS = 512;

    /** Columns that products like to have a multiple of. */
    private static final int ALIGNMENT = 16;

    /** The largest tile within a buffer of this size in bytes. */
    static TileGeometry within(long bufferBytes, int vocabularySize, int elementBytes) {
        int elements = (int) Math.min(bufferBytes / elementBytes, ROWS * COLUMNS);
        // Rows first: each block of rows reads the whole unembedding.
        int rows = Math.max(1, Math.min(ROWS, elements / Math.min(LEAST_COLUMNS, vocabularySize)));
        int columns = Math.max(1, Math.min(Math.min(COLUMNS, vocabularySize), elements / rows));
        return new TileGeometry(rows, columns);
    }

    /** Parses the output of {@link #toString}; empty for another text. */
    static Optional<TileGeometry> parse(String text) {
        return text.matches("[1-9][0-9]{0,5}x[1-9][0-9]{0,5}")
                ? Optional.of(new TileGeometry(
                        Integer.parseInt(text.substring(0, text.indexOf('x'))),
                        Integer.parseInt(text.substring(text.indexOf('x') + 1))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return rows + "x" + columns;
    }

    /** Columns of a tile so that all workers get about equally many tokens. */
    int columnsFor(int vocabularySize, int workers) {
        int rounds = ceiling(vocabularySize, columns * workers);
        int even = ceiling(vocabularySize, rounds * workers);
        return Math.min(columns, ceiling(even, ALIGNMENT) * ALIGNMENT);
    }

    private static int ceiling(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** Number of logits of the largest tile. */
    public int elements() {
        return rows * columns;
    }
}
