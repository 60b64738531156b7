package dev.stratalens.engine.model;

/** Sees a model being loaded. An exception ends that. */
@FunctionalInterface
public interface LoadListener {

    /** Blocks whose weights are ready. */
    void loaded(int done, int total);

    /** Told before the weights are mapped: bytes that they take in memory, mapped or copied. */
    default void needs(long bytes) {}
}
