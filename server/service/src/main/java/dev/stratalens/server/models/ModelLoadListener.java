package dev.stratalens.server.models;

import dev.stratalens.engine.model.WeightListener;
import dev.stratalens.engine.tensor.Device;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Follows the loading of one model, from its files on. */
@FunctionalInterface
public interface ModelLoadListener extends WeightListener {

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long doneBytes, long totalBytes) {}

    /**
     * Has models unloaded that are on cards and that no request holds: as few as help as much as all of them.
     *
     * @param homeless number of blocks that have no room if each card has so many more bytes free
     * @return false if nothing was unloaded, because it would not help
     */
    default boolean makeRoomOnCards(ToIntFunction<Map<Device, Long>> homeless) {
        return false;
    }
}
