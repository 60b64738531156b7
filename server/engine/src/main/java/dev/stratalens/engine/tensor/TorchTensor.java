package dev.stratalens.engine.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor outside the Java heap, owned by the scope that made it. Its data type may be one that DJL does not know
 * (bfloat16), so only the methods that say so read it.
 */
public final class TorchTensor implements AutoCloseable {

    private final PtNDArray array;

    TorchTensor(PtNDArray array) {
        this.array = array;
    }

    PtNDArray array() {
        return array;
    }

    /** First extent. */
    public int rows() {
        return Math.toIntExact(array.getShape().get(0));
    }

    /** Copies a float32 tensor to the heap, row-major. */
    public float[] floats() {
        return array.toFloatArray();
    }

    /** Copies an int64 tensor to the heap, row-major. */
    public long[] longs() {
        return array.toLongArray();
    }

    /** A direct view, in native byte order, of a contiguous CPU tensor of any type; sees later writes; valid until closed. */
    public ByteBuffer directView() {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        TorchScope.release(array);
    }
}
