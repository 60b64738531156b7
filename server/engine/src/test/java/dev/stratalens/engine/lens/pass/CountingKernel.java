package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.CpuHeadKernel;
import dev.stratalens.engine.lens.kernel.Expectations;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.HeadQuery;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.kernel.WarmingKernel;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;

/** Counts the groups of rows that are read, in groups so small that there are many. */
final class CountingKernel implements HeadKernel {

    private final HeadKernel kernel;
    private int groups;

    CountingKernel(CausalLanguageModel model) {
        kernel = new CpuHeadKernel(
                model.head(), new TileGeometry(3, 67), WarmingKernel.vector().orElseThrow(), new RowTeam(2));
    }

    int groups() {
        return groups;
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
        groups++;
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
        groups++;
        return kernel.logits(rows, ids);
    }

    @Override
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        groups++;
        return kernel.plainLogits(scope, rows);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
