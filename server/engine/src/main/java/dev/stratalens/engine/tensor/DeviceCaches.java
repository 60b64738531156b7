package dev.stratalens.engine.tensor;

import java.util.Collection;

/** Memory of freed tensors that the library keeps for later ones. */
@FunctionalInterface
public interface DeviceCaches {

    /** Those of cards; the library keeps nothing of the processor's memory. */
    DeviceCaches OF_CARDS = devices -> {
        if (devices.stream().anyMatch(Device::isCard)) {
            TorchRuntime.freeCaches();
        }
    };

    /** Gives it back to the system, so that other processes and the measuring of free memory see it. Tensors stay. */
    void giveBack(Collection<Device> devices);
}
