package dev.stratalens.engine.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Owns tensors of one device: closing a scope frees every tensor made in it and in its children. The scope of a model
 * holds weights, that of a request residual rows, that of a step temporaries.
 */
public final class TorchScope implements AutoCloseable {

    private final TorchProgram program;
    private final PtNDManager manager;

    /** @param program the program of this device */
    TorchScope(TorchProgram program, PtNDManager manager) {
        this.program = program;
        this.manager = manager;
    }

    /** The device of its tensors. */
    public Device device() {
        return program.device();
    }

    PtNDManager manager() {
        return manager;
    }

    /** Counts an array of this scope. */
    TorchTensor own(PtNDArray array) {
        count().add(1);
        return new TorchTensor(device(), array, count());
    }

    /** A scope inside this one. */
    public TorchScope child() {
        return new TorchScope(program, (PtNDManager) manager.newSubManager());
    }

    /** Takes ownership of a tensor, which then lives as long as this scope. */
    public void adopt(TorchTensor tensor) {
        device().require(tensor.device(), "A tensor to be taken over");
        tensor.array().attach(manager);
        tensor.countBy(count());
    }

    /** Copies a tensor to this device. */
    public TorchTensor copyOf(TorchTensor tensor) {
        return program.copied(this, tensor);
    }

    /** Copies numbers into an int64 tensor. */
    public TorchTensor longs(long[] values, long... shape) {
        return here(manager.create(LongBuffer.wrap(values), new Shape(shape), DataType.INT64));
    }

    /** Copies numbers into a float32 tensor. */
    public TorchTensor floats(float[] values, long... shape) {
        return here(manager.create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32));
    }

    /** A float64 tensor of one number. */
    public TorchTensor number(double value) {
        return here(manager.create(DoubleBuffer.wrap(new double[] {value}), new Shape(1), DataType.FLOAT64));
    }

    /** Numbers of the heap go to the processor first, and from there to another device. */
    private TorchTensor here(PtNDArray onProcessor) {
        if (device().isHost()) {
            return own(onProcessor);
        }
        count().add(1);
        try (var numbers = new TorchTensor(Device.CPU, onProcessor, count())) {
            return copyOf(numbers);
        }
    }

    private TensorCount count() {
        return program.tensors();
    }

    @Override
    public void close() {
        count().add(-manager.getManagedArrays().size());
        manager.close();
    }
}
