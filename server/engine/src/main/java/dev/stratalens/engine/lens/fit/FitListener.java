package dev.stratalens.engine.lens.fit;

/** Follows a fit. */
@FunctionalInterface
public interface FitListener {

    /** Where a checkpoint was found, before anything else. */
    default void resumed(FitProgress progress) {}

    /** After each step. */
    void stepped(FitProgress progress);

    /** While the result is evaluated. */
    default void evaluated(long sequences, long total) {}
}
