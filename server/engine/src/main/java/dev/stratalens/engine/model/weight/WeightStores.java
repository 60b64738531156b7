package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of a model by device; weights that several parts on a device use exist once. */
public final class WeightStores {

    private final Map<Device, WeightStore> stores = new LinkedHashMap<>();

    /** @param owned closes the stores */
    public WeightStores(Placement placement, OwnedResources owned) {
        placement.devices().forEach(device -> stores.put(device, owned.own(new WeightStore(device, owned.tensors()))));
    }

    /** The store of a device of the placement. */
    public WeightStore on(Device device) {
        WeightStore store = stores.get(device);
        if (store == null) {
            throw new IllegalArgumentException(
                    "This model has no weights on %s, only on %s.".formatted(device, stores.keySet()));
        }
        return store;
    }
}
