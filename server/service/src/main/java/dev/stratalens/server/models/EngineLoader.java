package dev.stratalens.server.models;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.lens.LensEngine;
import java.util.List;

/** Brings a model into memory. */
@FunctionalInterface
public interface EngineLoader {

    /**
     * Loads one model on the calling thread. The caller owns the engine.
     *
     * @param name as served
     * @param listener told of each tensor; if it throws, the loader frees what it holds and lets the exception through
     * @throws dev.stratalens.engine.error.LensFailure if the model's files cannot be used
     */
    LensEngine load(String name, ModelLoadListener listener);

    /** Version of the library that computes; empty before it is loaded, which the first model does. */
    default String libraryVersion() {
        return "";
    }

    /** Cards on which models may compute, with their free memory when a model was last loaded. */
    default List<HostDevice> cards() {
        return List.of();
    }
}
