package dev.stratalens.engine.lens.fit;

import java.util.Objects;

/** Thrown if a lens cannot be fitted or merged as asked. The message says why, and what to do. */
public final class FitFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    FitFailedException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
