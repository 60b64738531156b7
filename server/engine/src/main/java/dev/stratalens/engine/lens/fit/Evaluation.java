package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.lens.fit.LayerGain.Distance;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;

/** Compares a fit with the logit lens, on sequences that were held out. */
final class Evaluation implements AutoCloseable {

    private final CausalLanguageModel model;
    private final OngoingFit fit;
    private final int from;
    private final TorchProgram program;
    private final double[][] sums;
    private long positions;

    /** @param from first position of each sequence that counts */
    Evaluation(CausalLanguageModel model, OngoingFit fit, int from) {
        this.model = model;
        this.fit = fit;
        this.from = from;
        this.program = model.head().fittingProgram();
        this.sums = new double[fit.points().size()][4];
    }

    /** Adds sequences. */
    void add(List<int[]> sequences) {
        try (var rows = new SequenceRows(model, sequences, from)) {
            for (int chunk = 0; chunk < rows.chunkCount(); chunk++) {
                positions += rows.rows(chunk);
                try (TorchScope scope = program.scope()) {
                    TorchTensor output = program.tensor(
                            scope,
                            "log_probs",
                            rows.last(scope, chunk),
                            model.head().weights());
                    for (int index = 0; index < sums.length; index++) {
                        add(rows, chunk, output, index);
                    }
                }
            }
        }
    }

    private void add(SequenceRows rows, int chunk, TorchTensor output, int index) {
        ReadPoint point = fit.points().get(index);
        try (TorchScope scope = program.scope()) {
            TorchTensor plain = rows.chunk(scope, point.equals(ReadPoint.EMBEDDING) ? 0 : point.block() + 1, chunk);
            OngoingFit.CurrentMap map = fit.map(scope, point);
            TorchTensor fitted = program.tensor(
                    scope, "transported", plain, map.matrix(), map.bias(), fit.form() == MapForm.RESIDUAL);
            add(scope, plain, output, index, 0);
            add(scope, fitted, output, index, 2);
        }
    }

    private void add(TorchScope scope, TorchTensor rows, TorchTensor output, int index, int place) {
        float[] made = model.head()
                .numbers(program.tensor(
                        scope, "distances", rows, output, model.head().weights()));
        sums[index][place] += made[0];
        sums[index][place + 1] += made[1];
    }

    /** Means so far, by read point in order of depth. */
    List<LayerGain> gains() {
        var gains = new ArrayList<LayerGain>();
        for (int index = 0; index < sums.length; index++) {
            gains.add(new LayerGain(fit.points().get(index), distance(index, 0), distance(index, 2)));
        }
        return gains;
    }

    private Distance distance(int index, int place) {
        return new Distance(sums[index][place] / positions, sums[index][place + 1] / positions);
    }

    /** Positions so far. */
    long positions() {
        return positions;
    }

    @Override
    public void close() {
        program.close();
    }
}
