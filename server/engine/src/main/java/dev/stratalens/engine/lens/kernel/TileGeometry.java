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

    /** Largest factor on the columns for a tile of few rows. */
    private static final int MOST = 2;

    /** The largest tile within a buffer of this size in bytes. */
    static TileGeometry within(long bufferBytes, int vocabularySize, int elementBytes) {
        int columns = Math.min(COLUMNS, vocabularySize);
        long rows = Math.max(1, Math.min(ROWS, bufferBytes / ((long) columns * elementBytes)));
        return new TileGeometry((int) rows, columns);
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

    /**
     * Number of columns of a tile with this number of rows. Fewer rows leave room for more columns, and every tile
     * costs two changes of threads.
     */
    int columnsFor(int someRows) {
        return (int) Math.min((long) MOST * columns, elements() / someRows);
    }

    /** Number of logits of the largest tile. */
    public int elements() {
        return rows * columns;
    }
}
