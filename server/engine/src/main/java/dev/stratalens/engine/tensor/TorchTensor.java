package dev.stratalens.engine.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor outside the Java heap, on one device, owned by its scope. Its data type may be unknown to DJL (bfloat16), so
 * its contents can be read only with the methods below.
 */
public final class TorchTensor implements AutoCloseable {

    private final Device device;
    private final PtNDArray array;
    private TensorCount count;

    /** @param count the count that includes this tensor */
    TorchTensor(Device device, PtNDArray array, TensorCount count) {
        this.device = device;
        this.array = array;
        this.count = count;
    }

    /** Moves this tensor from one owner's count to another's. */
    void countBy(TensorCount other) {
        count.add(-1);
        other.add(1);
        count = other;
    }

    PtNDArray array() {
        return array;
    }

    /** Its device. */
    public Device device() {
        return device;
    }

    /** Size of the first dimension. */
    public int rows() {
        return Math.toIntExact(array.getShape().get(0));
    }

    /** Size of the last dimension. */
    public int columns() {
        return Math.toIntExact(array.getShape().get(array.getShape().dimension() - 1));
    }

    /** Copies a float32 tensor to the heap, row-major. */
    public float[] floats() {
        requireValues();
        ProgramRecording.read(this);
        return array.toFloatArray();
    }

    /** Copies an int64 tensor to the heap, row-major. */
    public long[] longs() {
        requireValues();
        return array.toLongArray();
    }

    /** A direct view, in native byte order, of a contiguous CPU tensor of any type; sees later writes; valid until closed. */
    public ByteBuffer directView() {
        requireValues();
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }

    private void requireValues() {
        if (!device.isHost()) {
            throw new IllegalStateException(
                    "A tensor on %s cannot be copied to the heap directly. Copy it to the processor first."
                            .formatted(device));
        }
    }

    @Override
    public void close() {
        if (!array.isReleased()) {
            count.add(-1);
            array.close();
        }
    }
}
