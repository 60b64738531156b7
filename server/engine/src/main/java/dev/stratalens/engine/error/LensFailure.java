package dev.stratalens.engine.error;

import java.util.Objects;

/**
 * A failure that the caller is told of: its message names the offender, what is allowed and what to do, and holds no
 * path or stack of the server.
 */
public abstract class LensFailure extends RuntimeException {

    /** @param message may quote texts from files and callers: what of them cannot be printed is escaped */
    protected LensFailure(String message) {
        super(PrintableText.of(message));
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
