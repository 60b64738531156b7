package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;

/** Chooses the devices of a model's parts. */
@FunctionalInterface
public interface Placer {

    /** Everything on the processor. */
    Placer PROCESSOR = sizes -> Placement.on(Device.CPU, sizes.blocks().size());

    /** The device whose speed decides the compute type, before the sizes are known. */
    default Device fastest() {
        return Device.CPU;
    }

    /**
     * The devices of the parts.
     *
     * @throws dev.stratalens.engine.error.ModelTooLargeException if the devices have no room for them
     */
    Placement place(ModelSizes sizes);
}
