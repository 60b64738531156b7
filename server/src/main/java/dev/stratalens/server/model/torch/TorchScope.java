package dev.stratalens.server.model.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Owns tensors: closing a scope frees every tensor made in it and in its children. A model's scope holds weights, a
 * request's scope residual rows, a step's scope temporaries.
 */
public final class TorchScope implements AutoCloseable {

    private final PtNDManager manager;

    TorchScope(PtNDManager manager) {
        this.manager = manager;
    }

    PtNDManager manager() {
        return manager;
    }

    /** A scope inside this one. */
    public TorchScope child() {
        return new TorchScope((PtNDManager) manager.newSubManager());
    }

    /** Copies numbers into an int64 tensor. */
    public TorchTensor longs(long[] values, long... shape) {
        return new TorchTensor(manager.create(LongBuffer.wrap(values), new Shape(shape), DataType.INT64));
    }

    /** Copies numbers into a float32 tensor. */
    public TorchTensor floats(float[] values, long... shape) {
        return new TorchTensor(manager.create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32));
    }

    /** Tensors and scopes that are open in this scope. */
    public int openResources() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        manager.close();
    }
}
