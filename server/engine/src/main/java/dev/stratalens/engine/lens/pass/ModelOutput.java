package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.Expectations;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.List;
import java.util.Optional;

/** The model's own output at every requested position of a pass. Other cells are compared with it. */
final class ModelOutput {

    private final HeadKernel kernel;
    private final PassLayout layout;
    private final FiniteLogits finite;
    private final double[] entropies;
    private final Optional<Expectations> expectations;
    private final SelfChecker checker;
    private int read;

    /**
     * Creates it before anything is read.
     *
     * @param output its read point
     * @param scope owner of the expectations
     */
    ModelOutput(HeadKernel kernel, ResidualRows rows, FiniteLogits finite, ReadPoint output, TorchScope scope) {
        this.kernel = kernel;
        this.layout = rows.layout();
        this.finite = finite;
        this.entropies = new double[layout.positions()];
        boolean diverges = layout.results().stream()
                .anyMatch(result -> result.wants(Statistic.KL_FROM_FINAL) || result.wants(Statistic.KL_FROM_NEXT));
        this.expectations = diverges ? Optional.of(kernel.expectations(scope, layout.positions())) : Optional.empty();
        this.checker = new SelfChecker(kernel, rows, output);
    }

    /** Whether a plan needs expectations of its rows. */
    boolean isExpected() {
        return expectations.isPresent();
    }

    /** Rows among the next positions whose logits the self-check needs. */
    int[] checked(List<Cell> cells) {
        return checker.rows(cells);
    }

    /** Takes the next positions from the first rows of a readout; passes on the targets after the last one. */
    void take(TorchScope step, RowReadout readout, List<Cell> cells, FurtherOrders orders) {
        for (int row = 0; row < cells.size(); row++) {
            Cell cell = cells.get(row);
            PlanResult result = cell.result();
            int index = row;
            result.attempt(() -> {
                finite.require(result.plan(), readout.logSumExps()[index]);
                CellWriter.write(result.output(), cell.position(), readout, index, orders.of(cell));
            });
            result.advance(1);
            entropies[read + row] = readout.entropies()[row];
        }
        checker.take(readout.wholeRows(), cells);
        findNext(step, readout, cells);
        if (expectations.isPresent()) {
            kernel.keep(expectations.get(), read, readout.expectations().orElseThrow(), cells.size());
        }
        read += cells.size();
        if (read == layout.positions()) {
            layout.report();
            checker.check((result, check) -> result.attempt(() -> result.outputIsRead(check)));
        }
    }

    private void findNext(TorchScope step, RowReadout readout, List<Cell> cells) {
        for (int row = 0; row < cells.size(); row++) {
            Cell cell = cells.get(row);
            PlanResult result = cell.result();
            if (result.next().isWanted() && cell.position() == result.positions() - 1) {
                int index = row;
                result.attempt(() -> result.next()
                        .find(result.output(), result.targetIds(), readout, index, () -> checker.logits(step, cell)));
            }
        }
    }

    /** Entropy at a position, counted over all results. */
    double entropy(int position) {
        return entropies[position];
    }

    /** Expectations of all positions; only if a plan needs a divergence. */
    Expectations expectations() {
        return expectations.orElseThrow();
    }
}
