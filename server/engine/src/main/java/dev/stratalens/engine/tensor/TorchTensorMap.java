package dev.stratalens.engine.tensor;

import ai.djl.pytorch.jni.IValue;

/**
 * A dictionary of tensors of one device by name, to be passed to programs. Its owner closes it, but not its tensors.
 */
public final class TorchTensorMap implements AutoCloseable {

    private final Device device;
    private final IValue value;

    TorchTensorMap(Device device, IValue value) {
        this.device = device;
        this.value = value;
    }

    /** The device of its tensors. */
    Device device() {
        return device;
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
