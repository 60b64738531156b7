package dev.stratalens.engine.lens.sweep;

import dev.stratalens.engine.lens.intervention.OutputDistribution;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Kind;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;

/** Reads a metric from rows of the model's own output. Logits of named tokens need no others. */
final class MetricReader {

    /** Rows whose whole logits are on the heap at a time. */
    static final int ROWS = 8;

    private final Head head;
    private final HeadKernel kernel;
    private final Kind metric;

    MetricReader(Head head, HeadKernel kernel, Kind metric) {
        this.head = head;
        this.kernel = kernel;
        this.metric = metric;
    }

    /** The output at a row, of which everything is read. */
    OutputDistribution output(TorchTensor store, int row) {
        try (TorchScope step = head.scope()) {
            return new OutputDistribution(
                    kernel.plainLogits(step, head.plainlyNormed(step, head.slice(step, store, row, row + 1))));
        }
    }

    /**
     * The metric of the first rows.
     *
     * @param store residual rows after the last block, in the compute type
     * @param unchanged output of the unchanged pass
     */
    double[] values(TorchTensor store, int count, OutputDistribution unchanged) {
        var values = new double[count];
        for (int first = 0; first < count; first += ROWS) {
            int end = Math.min(first + ROWS, count);
            try (TorchScope step = head.scope()) {
                TorchTensor rows = head.plainlyNormed(step, head.slice(step, store, first, end));
                read(step, rows, values, first, end, unchanged);
            }
        }
        return values;
    }

    private void read(
            TorchScope step, TorchTensor rows, double[] values, int first, int end, OutputDistribution unchanged) {
        if (metric instanceof Interventions.Logit logit) {
            float[] logits = kernel.logits(rows, new int[][] {{logit.id()}})[0];
            for (int row = first; row < end; row++) {
                values[row] = logits[row - first];
            }
        } else if (metric instanceof Interventions.LogitDifference difference) {
            float[] logits = kernel.logits(rows, new int[][] {{difference.id(), difference.other()}})[0];
            for (int row = first; row < end; row++) {
                values[row] = (double) logits[2 * (row - first)] - logits[2 * (row - first) + 1];
            }
        } else {
            float[] logits = kernel.plainLogits(step, rows);
            int vocabulary = logits.length / (end - first);
            for (int row = first; row < end; row++) {
                int start = (row - first) * vocabulary;
                values[row] = new OutputDistribution(Arrays.copyOfRange(logits, start, start + vocabulary))
                        .value(metric, unchanged);
            }
        }
    }
}
