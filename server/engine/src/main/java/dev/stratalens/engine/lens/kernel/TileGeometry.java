package dev.stratalens.engine.lens.kernel;

import java.util.Optional;

/**
 * Extents of a tile of logits: enough rows to make the unembedding worth reading, few enough columns to stay in the cache
 * between the product and the statistics.
 *
 * @param rows most rows of a tile
 * @param columns most columns of a tile
 */
public record TileGeometry(int rows, int columns) {

    private static final int ROWS = 768;
    private static final int COLUMNS = 3072;

    /** How many times as many columns a tile of few rows may have. */
    private static final int MOST = 2;

    /** The largest tile within a buffer of so many bytes. */
    static TileGeometry within(long bufferBytes, int vocabularySize, int elementBytes) {
        int columns = Math.min(COLUMNS, vocabularySize);
        long rows = Math.max(1, Math.min(ROWS, bufferBytes / ((long) columns * elementBytes)));
        return new TileGeometry((int) rows, columns);
    }

    /** Reads what {@link #toString} writes; empty for anything else. */
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

    /** Columns of a tile of so many rows: fewer rows leave room for more, and every tile costs two changes of threads. */
    int columnsFor(int someRows) {
        return (int) Math.min((long) MOST * columns, elements() / someRows);
    }

    /** Logits of the largest tile. */
    public int elements() {
        return rows * columns;
    }
}
