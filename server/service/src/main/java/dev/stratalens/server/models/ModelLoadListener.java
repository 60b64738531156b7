package dev.stratalens.server.models;

import dev.stratalens.engine.model.WeightListener;

/** Follows the loading of one model, from its files on. */
@FunctionalInterface
public interface ModelLoadListener extends WeightListener {

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long doneBytes, long totalBytes) {}

    /** Has a model unloaded that is on cards and that no request holds; false if there is none. */
    default boolean makeRoomOnCards() {
        return false;
    }
}
