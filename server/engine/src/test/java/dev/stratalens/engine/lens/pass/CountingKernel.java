package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.CpuHeadKernel;
import dev.stratalens.engine.lens.kernel.HeadQuery;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.kernel.WrappedKernel;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.function.Supplier;

/** Counts the groups of rows that are read, in groups so small that there are many. */
final class CountingKernel extends WrappedKernel {

    private int groups;

    CountingKernel(CausalLanguageModel model) {
        super(new CpuHeadKernel(
                model.head(), new TileGeometry(3, 67), WarmingKernel.vector().orElseThrow(), new RowTeam(2)));
    }

    int groups() {
        return groups;
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        groups++;
        return super.read(step, query, cancellation);
    }

    @Override
    public Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        groups++;
        return super.begin(step, query, cancellation);
    }

    @Override
    public float[][] logits(TorchTensor rows, int[][] ids) {
        groups++;
        return super.logits(rows, ids);
    }

    @Override
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        groups++;
        return super.plainLogits(scope, rows);
    }
}
