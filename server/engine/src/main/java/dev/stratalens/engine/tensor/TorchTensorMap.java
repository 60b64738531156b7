package dev.stratalens.engine.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Map;

/**
 * A dictionary of tensors of one device by name, to be passed to programs. Its owner closes it, but not its tensors.
 */
public final class TorchTensorMap implements AutoCloseable {

    private final Device device;
    private final Map<String, PtNDArray> arrays;
    private final IValue value;

    TorchTensorMap(Device device, Map<String, PtNDArray> arrays) {
        this.device = device;
        this.arrays = Map.copyOf(arrays);
        this.value = IValue.stringMapFrom(arrays);
    }

    /** The device of its tensors. */
    Device device() {
        return device;
    }

    Map<String, PtNDArray> arrays() {
        return arrays;
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
