package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A scope on each device on which a pass keeps tensors. */
final class DeviceScopes implements AutoCloseable {

    private final Map<Device, TorchScope> scopes = new LinkedHashMap<>();

    /** @param devices of heads of the model */
    DeviceScopes(Decoder decoder, Collection<Device> devices) {
        devices.forEach(device -> scopes.put(device, decoder.requestScope(device)));
    }

    TorchScope on(Device device) {
        return requireNonNull(scopes.get(device));
    }

    @Override
    public void close() {
        scopes.values().forEach(TorchScope::close);
    }
}
