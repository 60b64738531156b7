package dev.stratalens.engine.error;

import java.util.Objects;

/**
 * A failure to report to the caller. Its message says what is wrong, what is allowed and what to do, and has no path or
 * stack of the server.
 */
public abstract class LensFailure extends RuntimeException {

    /** @param message may quote texts from files and callers; unprintable characters are escaped */
    protected LensFailure(String message) {
        super(PrintableText.of(message));
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
