package dev.stratalens.server.models;

/** Follows the loading of one model, from its files on. */
@FunctionalInterface
public interface LoadListener extends dev.stratalens.engine.model.WeightListener {

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long doneBytes, long totalBytes) {}
}
