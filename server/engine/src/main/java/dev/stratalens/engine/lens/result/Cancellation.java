package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.error.LensCanceledException;

/** Tells whether the caller still wants the result. Checked between blocks and between tiles; thread-safe. */
@FunctionalInterface
public interface Cancellation {

    /** Whether the work should stop. */
    boolean isCancelled();

    /** Stops the work if it should stop. */
    default void throwIfCanceled() {
        if (isCancelled()) {
            throw new LensCanceledException();
        }
    }
}
