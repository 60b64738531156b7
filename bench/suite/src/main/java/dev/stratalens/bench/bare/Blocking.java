package dev.stratalens.bench.bare;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a product of many rows with the unembedding is cut into calls. Which is fastest depends on the machine's caches and on how
 * fast its threads meet, so a yardstick tries several and takes the best.
 *
 * @param rows rows of a call at most
 * @param columns tokens of a call at most
 * @param threads what threads share
 */
public record Blocking(int rows, int columns, Threads threads) {

    /** Rows beyond which the unembedding is read often enough. */
    private static final int MANY_ROWS = 512;

    /** What threads share. */
    public enum Threads {
        /** Each call: they meet at its end. */
        SHARE_CALLS,
        /** The calls: each thread makes its own, and they meet at the end of all. */
        CALL_ALONE
    }

    /** Cuts worth trying: the whole vocabulary at a time, and tiles that stay in the caches. Each differs for these sizes. */
    static List<Blocking> candidates(int rows, int vocabularySize) {
        return Stream.of(
                        new Blocking(MANY_ROWS, vocabularySize, Threads.SHARE_CALLS),
                        new Blocking(MANY_ROWS / 2, vocabularySize, Threads.SHARE_CALLS),
                        new Blocking(MANY_ROWS, 4096, Threads.SHARE_CALLS),
                        new Blocking(MANY_ROWS / 2, 4096, Threads.SHARE_CALLS),
                        new Blocking(MANY_ROWS, 16384, Threads.SHARE_CALLS),
                        new Blocking(2 * MANY_ROWS, 2048, Threads.SHARE_CALLS),
                        new Blocking(MANY_ROWS, 4096, Threads.CALL_ALONE),
                        new Blocking(2 * MANY_ROWS, 2048, Threads.CALL_ALONE),
                        new Blocking(MANY_ROWS, 1024, Threads.CALL_ALONE))
                .map(cut -> new Blocking(Math.min(cut.rows, rows), Math.min(cut.columns, vocabularySize), cut.threads))
                .distinct()
                .toList();
    }

    /** Numbers of the buffers that so many threads need. */
    int elements(int count) {
        return rows * columns * (threads == Threads.CALL_ALONE ? count : 1);
    }

    @Override
    public String toString() {
        return rows + "x" + columns + (threads == Threads.CALL_ALONE ? " by each thread" : "");
    }
}
