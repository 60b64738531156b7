package dev.stratalens.bench.bare;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a product of many rows with the unembedding is cut into calls. Which is fastest depends on the machine's caches, so a
 * yardstick tries several and takes the best.
 *
 * @param rows rows of a call at most
 * @param columns tokens of a call at most
 */
public record Blocking(int rows, int columns) {

    /** Rows beyond which the unembedding is read often enough. */
    private static final int MANY_ROWS = 512;

    /** Cuts worth trying: the whole vocabulary at a time, and tiles that stay in the caches. Each differs for these sizes. */
    static List<Blocking> candidates(int rows, int vocabularySize) {
        return Stream.of(
                        new Blocking(MANY_ROWS, vocabularySize),
                        new Blocking(MANY_ROWS / 2, vocabularySize),
                        new Blocking(MANY_ROWS, 4096),
                        new Blocking(MANY_ROWS / 2, 4096),
                        new Blocking(MANY_ROWS, 16384),
                        new Blocking(2 * MANY_ROWS, 2048))
                .map(cut -> new Blocking(Math.min(cut.rows, rows), Math.min(cut.columns, vocabularySize)))
                .distinct()
                .toList();
    }

    int elements() {
        return rows * columns;
    }

    @Override
    public String toString() {
        return rows + "x" + columns;
    }
}
