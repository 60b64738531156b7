package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Map;

/** The statistics pass as PyTorch operators, for devices whose memory the heap does not reach. */
final class OperatorPass implements StatisticsPass, AutoCloseable {

    private final TorchProgram program = TorchProgram.compile(Device.CPU, "statistics", Map.of());

    @Override
    public void accept(LogitTile tile, RowStatistics statistics) {
        try (TorchScope scope = program.scope();
                TorchTensor logits =
                        program.tensor(scope, "tile", tile.tensor(), (long) tile.rows(), (long) tile.columns())) {
            addSums(scope, logits, statistics);
            addBest(scope, logits, tile, statistics);
            if (statistics.targetsPerRow() > 0) {
                addAbove(scope, logits, tile, statistics);
            }
        }
    }

    private void addSums(TorchScope scope, TorchTensor logits, RowStatistics statistics) {
        float[] maxima = program.tensor(scope, "maxima", logits).floats();
        // [2 * rows]: sums of exponentials, then weighted sums
        float[] sums = program.tensor(scope, "sums", logits, scope.floats(maxima, maxima.length))
                .floats();
        for (int row = 0; row < maxima.length; row++) {
            statistics.add(row, maxima[row], sums[row], sums[maxima.length + row]);
        }
    }

    private void addBest(TorchScope scope, TorchTensor logits, LogitTile tile, RowStatistics statistics) {
        TorchTensor atLeast =
                program.tensor(scope, "reaching_best", logits, (long) Math.min(statistics.kept(), tile.columns()));
        long[] cells = program.tensor(scope, "cells", atLeast).longs(); // [c, 2]: row, column; row-major
        float[] values = program.tensor(scope, "values", logits, atLeast).floats(); // [c]
        for (int i = 0; i < values.length; i++) {
            int row = (int) cells[2 * i];
            if (statistics.accepts(row, values[i])) {
                statistics.insert(row, tile.firstToken() + (int) cells[2 * i + 1], values[i]);
            }
        }
    }

    private void addAbove(TorchScope scope, TorchTensor logits, LogitTile tile, RowStatistics statistics) {
        int targets = statistics.targetsPerRow();
        var wanted = new float[tile.rows() * targets];
        var columns = new long[tile.rows() * targets];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = statistics.targetLogit(i / targets, i % targets);
            int column = statistics.targetId(i / targets, i % targets) - tile.firstToken();
            columns[i] = column >= 0 && column < tile.columns() ? column : -1;
        }
        float[] above = program.tensor(
                        scope,
                        "above",
                        logits,
                        scope.floats(wanted, tile.rows(), targets),
                        scope.longs(columns, tile.rows(), targets))
                .floats();
        for (int i = 0; i < above.length; i++) {
            statistics.addAbove(i / targets, i % targets, Math.round(above[i]));
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
