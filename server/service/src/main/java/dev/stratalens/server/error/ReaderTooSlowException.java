package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.time.Duration;

/** The client left its results unread for longer than the server waits, or more of them than it keeps. */
public final class ReaderTooSlowException extends LensFailure {

    private static final String REMEDY = "Read faster, or ask for fewer layers, positions or trajectories.";

    private final Duration waited;

    /** @param waited how long the reader stayed away in all */
    public ReaderTooSlowException(Duration waited) {
        this(
                "The client did not read for %.0f seconds in all. %s".formatted(waited.toMillis() / 1000.0, REMEDY),
                waited);
    }

    private ReaderTooSlowException(String message, Duration waited) {
        super(message);
        this.waited = waited;
    }

    /**
     * There is no room for more.
     *
     * @param bytes that wait for the client
     * @param waited how long its reader stayed away in all
     */
    public static ReaderTooSlowException withoutRoom(long bytes, Duration waited) {
        return new ReaderTooSlowException(
                "The client left %,d bytes unread, and there is no room for more. %s".formatted(bytes, REMEDY), waited);
    }

    public Duration waited() {
        return waited;
    }
}
