package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of a model, device by device: what several parts on one device use is there once. */
public final class WeightStores {

    private final Map<Device, WeightStore> stores = new LinkedHashMap<>();

    /** @param owned closes the stores */
    public WeightStores(Placement placement, OwnedResources owned) {
        placement.devices().forEach(device -> stores.put(device, owned.own(new WeightStore(device, owned.tensors()))));
    }

    /** The store of a device that the placement has. */
    public WeightStore on(Device device) {
        WeightStore store = stores.get(device);
        if (store == null) {
            throw new IllegalArgumentException(
                    "This model has no weights on %s, only on %s.".formatted(device, stores.keySet()));
        }
        return store;
    }
}
