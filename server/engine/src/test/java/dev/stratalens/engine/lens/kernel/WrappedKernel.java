package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.function.Supplier;

/** A kernel around another one. */
public abstract class WrappedKernel implements HeadKernel {

    private final HeadKernel kernel;

    protected WrappedKernel(HeadKernel kernel) {
        this.kernel = kernel;
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
        return kernel.read(step, query, cancellation);
    }

    @Override
    public Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        return kernel.begin(step, query, cancellation);
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
        kernel.close();
    }
}
