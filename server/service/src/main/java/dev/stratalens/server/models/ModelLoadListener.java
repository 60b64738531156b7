package dev.stratalens.server.models;

/** Follows the loading of one model, from its files on. */
@FunctionalInterface
public interface ModelLoadListener extends dev.stratalens.engine.model.LoadListener {

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long doneBytes, long totalBytes) {}
}
