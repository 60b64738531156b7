package dev.stratalens.engine.tensor;

import ai.djl.pytorch.jni.IValue;

/** A dictionary of tensors by name, ready to be passed to programs. Closed by its owner; its tensors are not. */
public final class TorchTensorMap implements AutoCloseable {

    private final IValue value;

    TorchTensorMap(IValue value) {
        this.value = value;
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
