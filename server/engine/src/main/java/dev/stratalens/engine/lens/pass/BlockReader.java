package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.kernel.RowStatistics;
import dev.stratalens.engine.lens.kernel.TileObserver;
import dev.stratalens.engine.lens.kernel.UnembeddingExpectation;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.reading.Lens;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the cells of a pass, block of stacked rows by block, and hands over what is complete. */
final class BlockReader {

    private final HeadReader reader;
    private final Head head;
    private final Lenses lenses;
    private final PassLayout layout;
    private final TorchTensor store;
    private final ModelOutput output;
    private final Cancellation cancellation;

    /** @param store residual rows of the layout */
    BlockReader(
            HeadReader reader,
            Lenses lenses,
            PassLayout layout,
            TorchTensor store,
            ModelOutput output,
            Cancellation cancellation) {
        this.reader = reader;
        this.head = reader.head();
        this.lenses = lenses;
        this.layout = layout;
        this.store = store;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** Reads a block. */
    void read(Block block) {
        List<Cell> cells =
                Stream.concat(block.output().stream(), block.asked().stream()).toList();
        try (TorchScope step = head.scope()) {
            TorchTensor input = input(step, cells, block.lens());
            RowStatistics statistics = RowTargets.of(reader, input, cells).statistics(cells.size(), kept(cells));
            var observers = new ArrayList<TileObserver>();
            if (!block.output().isEmpty()) {
                observers.add(output.observer(step, input, statistics, block.output()));
            }
            Optional<UnembeddingExpectation> expectation = any(block.asked(), Statistic.KL_FROM_NEXT)
                    ? Optional.of(new UnembeddingExpectation(
                            head, step, input, head.expectationSums(step, cells.size()), statistics))
                    : Optional.empty();
            expectation.ifPresent(observers::add);
            reader.projection().read(input, statistics, observers, cancellation);
            RowReadout readout = RowReadout.of(reader, input, statistics);
            if (!block.output().isEmpty()) {
                output.take(step, readout, statistics, block.output());
            }
            write(step, block, input, statistics, readout);
            expectation.ifPresent(next ->
                    addKlFromNext(next.finish(), statistics, block.output().size(), block));
        }
        block.asked().stream().map(Cell::run).distinct().forEach(run -> run.attempt(run::emitComplete));
    }

    private void write(TorchScope step, Block block, TorchTensor input, RowStatistics statistics, RowReadout readout) {
        int first = block.output().size();
        for (int i = 0; i < block.asked().size(); i++) {
            Cell cell = block.asked().get(i);
            int row = first + i;
            cell.run().attempt(() -> {
                arrays(cell).write(readout, statistics, row, cell.position());
                cell.run().cellIsRead(cell.lens());
            });
            cell.run().advance(1);
        }
        if (any(block.asked(), Statistic.KL_FROM_FINAL)) {
            addKlFromFinal(step, head.slice(step, input, first, block.size()), block.asked());
        }
    }

    /** Adds the divergence of the model's output from the read point before it, and hands over what is left. */
    void finish(LensRun run) {
        RequestedLens logit = new RequestedLens.Logit();
        int lens = run.lensIndex(logit);
        int last = run.last();
        if (run.isOutput(lens, last) && run.wants(Statistic.KL_FROM_NEXT) && last > 0) {
            int limit = reader.projection().rowLimit();
            for (int first = 0; first < run.positions(); first += limit) {
                int start = run.firstPosition() + first;
                List<Cell> before = IntStream.range(first, Math.min(first + limit, run.positions()))
                        .mapToObj(position -> layout.cell(run, lens, last - 1, position))
                        .toList();
                addKlFromNext(before, logit, output.expectations(), i -> start + i, i -> output.entropy(start + i));
            }
        }
        run.emitAll();
    }

    /** KL(final || cell) = lse_cell - H_final - E_final[z_cell]. */
    private void addKlFromFinal(TorchScope step, TorchTensor input, List<Cell> cells) {
        long[] which = cells.stream()
                .mapToLong(cell -> cell.run().firstPosition() + cell.position())
                .toArray();
        float[] expected = head.expectedLogits(step, input, output.expectations(), which);
        for (int i = 0; i < which.length; i++) {
            Cell cell = cells.get(i);
            CellArrays arrays = arrays(cell);
            arrays.columns.set(
                    Statistic.KL_FROM_FINAL,
                    cell.position(),
                    kl(arrays.logSumExps[cell.position()], output.entropy((int) which[i]), expected[i]));
        }
    }

    /** Each cell is the next of the one at the read point before, by the same lens. */
    private void addKlFromNext(TorchTensor expectations, RowStatistics statistics, int firstRow, Block block) {
        List<Cell> cells = block.asked();
        int[] next = IntStream.range(0, cells.size())
                .filter(i -> cells.get(i).readPoint() > 0 && cells.get(i).run().wants(Statistic.KL_FROM_NEXT))
                .toArray();
        if (next.length > 0) {
            List<Cell> before = IntStream.of(next)
                    .mapToObj(cells::get)
                    .map(cell -> layout.cell(cell.run(), cell.lens(), cell.readPoint() - 1, cell.position()))
                    .toList();
            addKlFromNext(
                    before,
                    block.lens(),
                    expectations,
                    i -> firstRow + next[i],
                    i -> statistics.entropy(firstRow + next[i]));
        }
    }

    /**
     * Adds KL(next || cell) to cells.
     *
     * @param expectations of the next distributions
     * @param which index of each cell's one
     * @param entropies of each cell's next distribution
     */
    private void addKlFromNext(
            List<Cell> cells,
            RequestedLens lens,
            TorchTensor expectations,
            IntUnaryOperator which,
            IntToDoubleFunction entropies) {
        try (TorchScope step = head.scope()) {
            long[] indexes =
                    IntStream.range(0, cells.size()).map(which).asLongStream().toArray();
            float[] expected = head.expectedLogits(step, input(step, cells, lens), expectations, indexes);
            for (int i = 0; i < expected.length; i++) {
                Cell cell = cells.get(i);
                CellArrays arrays = arrays(cell);
                arrays.columns.set(
                        Statistic.KL_FROM_NEXT,
                        cell.position(),
                        kl(arrays.logSumExps[cell.position()], entropies.applyAsDouble(i), expected[i]));
            }
        }
    }

    /** Rows before the unembedding, float32; a view of neighbouring ones, else copied. */
    private TorchTensor input(TorchScope step, List<Cell> cells, RequestedLens lens) {
        int first = cells.get(0).row();
        boolean neighbours =
                IntStream.range(0, cells.size()).allMatch(i -> cells.get(i).row() == first + i);
        TorchTensor residual = neighbours
                ? head.slice(step, store, first, first + cells.size())
                : head.select(step, store, cells.stream().mapToLong(Cell::row).toArray());
        return lenses.of(lens).rows(step, residual, groups(cells));
    }

    private List<Lens.Group> groups(List<Cell> cells) {
        var groups = new ArrayList<Lens.Group>();
        int first = 0;
        for (int i = 1; i <= cells.size(); i++) {
            ReadPoint point = layout.readPoint(cells.get(first).row());
            if (i == cells.size() || !layout.readPoint(cells.get(i).row()).equals(point)) {
                groups.add(new Lens.Group(point, first, i));
                first = i;
            }
        }
        return groups;
    }

    private static CellArrays arrays(Cell cell) {
        return cell.run().cells(cell.lens(), cell.readPoint());
    }

    private int kept(List<Cell> cells) {
        return cells.stream()
                .mapToInt(cell -> RowReadout.keptFor(cell.run().plan().topK(), head))
                .max()
                .orElseThrow();
    }

    private static boolean any(List<Cell> cells, Statistic statistic) {
        return cells.stream().anyMatch(cell -> cell.run().wants(statistic));
    }

    /** Rounding can make it negative by 1e-6. */
    private static float kl(double logSumExp, double entropy, double expectedLogit) {
        return (float) Math.max(0, logSumExp - entropy - expectedLogit);
    }
}
