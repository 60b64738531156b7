package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Map;

/** Asks its device once for memory that no device has. */
public final class FailingKernel implements HeadKernel {

    /** Bytes that it asks for. */
    public static final long PIECE = 1L << 54;

    private static final long FLOAT32 = 6;

    private final HeadKernel kernel;
    private final TorchProgram greedy;
    private int readsBeforeFailure = Integer.MAX_VALUE;

    /** @param device that has no memory */
    public FailingKernel(HeadKernel kernel, Device device) {
        this.kernel = kernel;
        this.greedy = TorchProgram.compile(device, "weights", Map.of(), new TensorCount());
    }

    /** Fails at the n-th group of rows from now on. */
    public void failAtRead(int number) {
        readsBeforeFailure = number - 1;
    }

    @Override
    public int rowLimit() {
        return kernel.rowLimit();
    }

    @Override
    public boolean isExact() {
        return kernel.isExact();
    }

    @Override
    public long workBytes() {
        return kernel.workBytes();
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        if (readsBeforeFailure-- == 0) {
            readsBeforeFailure = Integer.MAX_VALUE;
            try (TorchScope scope = greedy.scope()) {
                greedy.tensor(scope, "empty", PIECE / Float.BYTES, FLOAT32);
            }
        }
        return kernel.read(step, query, cancellation);
    }

    @Override
    public Expectations expectations(TorchScope scope, int count) {
        return kernel.expectations(scope, count);
    }

    @Override
    public void keep(Expectations all, int first, Expectations some, int count) {
        kernel.keep(all, first, some, count);
    }

    @Override
    public float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which) {
        return kernel.expectedLogits(step, rows, expectations, which);
    }

    @Override
    public float[][] logits(TorchTensor rows, int[][] ids) {
        return kernel.logits(rows, ids);
    }

    @Override
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        return kernel.plainLogits(scope, rows);
    }

    @Override
    public void close() {
        try (greedy) {
            kernel.close();
        }
    }
}
