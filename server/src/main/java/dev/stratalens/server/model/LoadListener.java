package dev.stratalens.server.model;

/** Sees a model being loaded. */
@FunctionalInterface
public interface LoadListener {

    /** Blocks whose weights are ready. */
    void loaded(int done, int total);
}
