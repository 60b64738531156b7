package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowStatistics;
import dev.stratalens.engine.lens.kernel.TileObserver;
import dev.stratalens.engine.lens.kernel.UnembeddingExpectation;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Head.ExpectationSums;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import java.util.Optional;

/** The model's own output at every asked position of a pass, to which everything else refers. */
final class ModelOutput {

    private final HeadReader reader;
    private final PassLayout layout;
    private final TorchTensor store;
    private final int firstRow;
    private final double[] entropies;
    private final Optional<ExpectationSums> sums;
    private final SelfChecker checker;
    private Optional<UnembeddingExpectation> expectation = Optional.empty();
    private int read;

    /**
     * Nothing read yet.
     *
     * @param scope owner of the expectations
     * @param store residual rows of the layout
     * @param firstRow of the last block's output
     */
    ModelOutput(HeadReader reader, PassLayout layout, TorchTensor store, int firstRow, TorchScope scope) {
        this.reader = reader;
        this.layout = layout;
        this.store = store;
        this.firstRow = firstRow;
        this.entropies = new double[layout.positions()];
        boolean diverges = layout.runs().stream()
                .anyMatch(run -> run.wants(Statistic.KL_FROM_FINAL) || run.wants(Statistic.KL_FROM_NEXT));
        this.sums = diverges ? Optional.of(reader.head().expectationSums(scope, layout.positions())) : Optional.empty();
        this.checker = new SelfChecker(reader, layout.runs().size());
    }

    /**
     * Watches a projection whose first rows are the next positions of the output.
     *
     * @param input float32 rows that are projected
     */
    TileObserver observer(TorchScope step, TorchTensor input, RowStatistics statistics, List<Cell> cells) {
        Head head = reader.head();
        expectation = sums.map(all -> new UnembeddingExpectation(
                head,
                step,
                head.slice(step, input, 0, cells.size()),
                head.slice(step, all, read, read + cells.size()),
                statistics));
        return tile -> {
            checker.watch(tile, cells, layout.runs());
            expectation.ifPresent(observer -> observer.tile(tile));
        };
    }

    /** Takes the next positions over, of which statistics are the first rows; hands the targets over after the last one. */
    void take(TorchScope step, RowReadout readout, RowStatistics statistics, List<Cell> cells) {
        for (int row = 0; row < cells.size(); row++) {
            Cell cell = cells.get(row);
            int index = row;
            LensRun run = cell.run();
            run.attempt(() -> run.output().write(readout, statistics, index, cell.position()));
            run.advance(1);
            entropies[read + row] = statistics.entropy(row);
        }
        expectation.ifPresent(UnembeddingExpectation::finish);
        read += cells.size();
        if (read == layout.positions()) {
            handTargetsOver(step);
        }
    }

    private void handTargetsOver(TorchScope step) {
        List<LensRun> runs = layout.runs();
        SelfCheck[] checks = checker.check(step, store, firstRow, runs);
        for (int i = 0; i < checks.length; i++) {
            LensRun run = runs.get(i);
            SelfCheck check = checks[i];
            run.attempt(() -> run.outputIsRead(check));
        }
    }

    /** Entropy at a position among all runs'. */
    double entropy(int position) {
        return entropies[position];
    }

    /** Expected unembedding rows, [positions, d]; only where a run wants a divergence. */
    TorchTensor expectations() {
        return sums.orElseThrow().rows();
    }
}
