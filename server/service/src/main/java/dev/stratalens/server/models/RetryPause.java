package dev.stratalens.server.models;

import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.server.error.ModelMemoryException;
import java.time.Duration;

/** How long a model that could not be loaded is left alone, so that not every request reads a broken one again. */
final class RetryPause {

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration WITHOUT_MEMORY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;

    private RetryPause() {}

    /**
     * 5 seconds, twice as long after each further failure up to 320; 1 second where only memory was lacking, which was found
     * out before anything was read.
     *
     * @param failures in a row, 1 or more
     */
    static Duration after(Throwable failure, int failures) {
        return failure instanceof ModelMemoryException || failure instanceof ModelTooLargeException
                ? WITHOUT_MEMORY
                : FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    }
}
