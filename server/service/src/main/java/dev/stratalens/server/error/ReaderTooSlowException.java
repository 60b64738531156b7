package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.time.Duration;

/** The client did not read its results for longer than the server waits. */
public final class ReaderTooSlowException extends LensFailure {

    private final Duration waited;

    public ReaderTooSlowException(Duration waited) {
        super(
                "The client did not read for %.0f seconds. Read faster, or ask for fewer layers, positions or trajectories."
                        .formatted(waited.toMillis() / 1000.0));
        this.waited = waited;
    }

    public Duration waited() {
        return waited;
    }
}
