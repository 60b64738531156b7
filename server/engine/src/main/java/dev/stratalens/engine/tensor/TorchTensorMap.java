package dev.stratalens.engine.tensor;

import ai.djl.pytorch.jni.IValue;

/** A dictionary of tensors of one device by name, ready to be passed to programs. Closed by its owner; its tensors are not. */
public final class TorchTensorMap implements AutoCloseable {

    private final Device device;
    private final IValue value;

    TorchTensorMap(Device device, IValue value) {
        this.device = device;
        this.value = value;
    }

    /** Where all its tensors lie. */
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
