package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.Expectations;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.HeadQuery;
import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import dev.stratalens.engine.lens.pass.ContrastReader.ReadCell;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the cells of a pass, one block of stacked rows after another, and passes on complete cells. */
final class BlockReader {

    private final HeadRows ofOutput;
    private final ModelOutput output;
    private final FiniteLogits finite;
    private final Cancellation cancellation;
    private final ContrastReader contrasts;
    private final int vocabularySize;

    /** @param ofOutput where all is read that is compared with another cell */
    BlockReader(
            HeadRows ofOutput, ModelOutput output, FiniteLogits finite, int vocabularySize, Cancellation cancellation) {
        this.ofOutput = ofOutput;
        this.output = output;
        this.finite = finite;
        this.cancellation = cancellation;
        this.contrasts = new ContrastReader(ofOutput);
        this.vocabularySize = vocabularySize;
    }

    /**
     * A block that its device reads, or has read.
     *
     * @param rows of its device
     * @param step owner of the tensors
     * @param input its rows before the unembedding
     * @param orders of the predictions
     * @param readout waits for the device
     */
    record BegunBlock(
            Block block,
            ResidualRows rows,
            TorchScope step,
            TorchTensor input,
            FurtherOrders orders,
            Supplier<RowReadout> readout)
            implements AutoCloseable {

        @Override
        public void close() {
            step.close();
        }
    }

    /** Has the head of its device begin to read a block. */
    BegunBlock begin(Block block, HeadRows head) {
        List<Cell> cells =
                Stream.concat(block.output().stream(), block.asked().stream()).toList();
        TorchScope step = head.rows().scope();
        try {
            TorchTensor input = head.rows().through(block.lens(), step, cells);
            FurtherOrders orders = FurtherOrders.of(cells, vocabularySize);
            return new BegunBlock(
                    block,
                    head.rows(),
                    step,
                    input,
                    orders,
                    head.kernel().begin(step, query(input, block, cells, orders), cancellation));
        } catch (Throwable failure) {
            step.close();
            throw failure;
        }
    }

    /** Waits for a block and takes its numbers. The caller closes it. */
    void finish(BegunBlock begun) {
        Block block = begun.block();
        int first = block.output().size();
        RowReadout readout = begun.readout().get();
        if (first > 0) {
            output.take(begun.step(), readout, block.output(), begun.orders());
        }
        for (int i = 0; i < block.asked().size(); i++) {
            write(block.asked().get(i), readout, first + i, begun.orders());
        }
        contrasts.choose(requested(block), readout);
        if (any(block.asked(), Statistic.KL_FROM_FINAL)) {
            TorchTensor asked = begun.rows().slice(begun.step(), begun.input(), first, block.size());
            addKlFromFinal(begun.step(), asked, block.asked());
        }
        if (any(block.asked(), Statistic.KL_FROM_NEXT)) {
            addKlFromNext(readout, first, block);
        }
    }

    /** Requested cells of a block with their rows: the model's output is a cell of each lens that decodes it as the model does. */
    private static List<ReadCell> requested(Block block) {
        List<ReadCell> cells = new ArrayList<>();
        for (int row = 0; row < block.output().size(); row++) {
            Cell output = block.output().get(row);
            PlanResult result = output.result();
            for (int lens = 0; lens < result.plan().lenses().size(); lens++) {
                if (result.isOutput(lens, result.last())) {
                    cells.add(new ReadCell(
                            new Cell(result, output.point(), lens, result.last(), output.position(), output.row()),
                            row));
                }
            }
        }
        for (int i = 0; i < block.asked().size(); i++) {
            cells.add(new ReadCell(block.asked().get(i), block.output().size() + i));
        }
        return cells;
    }

    /** Passes on what is complete with a block; to be called when its tensors are freed. */
    static void emit(BegunBlock begun) {
        begun.block().asked().stream()
                .map(Cell::result)
                .distinct()
                .forEach(result -> result.attempt(result::emitComplete));
    }

    private HeadQuery query(TorchTensor input, Block block, List<Cell> cells, FurtherOrders orders) {
        int best = cells.stream()
                .mapToInt(cell -> cell.result().plan().topK())
                .max()
                .orElseThrow();
        best = Math.max(best, ContrastReader.best(cells, vocabularySize));
        if (any(cells, Statistic.MARGIN)) {
            best = Math.max(best, 2);
        }
        int perRow =
                cells.stream().mapToInt(cell -> followed(cell.result())).max().orElseThrow();
        var targetIds = new int[cells.size() * perRow];
        Arrays.fill(targetIds, -1);
        for (int row = 0; row < cells.size(); row++) {
            Cell cell = cells.get(row);
            int count = cell.result().plan().targets().size();
            System.arraycopy(cell.result().targetIds(), cell.position() * count, targetIds, row * perRow, count);
            if (followsNext(cell.result())) {
                targetIds[row * perRow + count] = cell.result().next().after(cell.position());
            }
        }
        int expected = output.isExpected() ? block.output().size() : 0;
        if (any(block.asked(), Statistic.KL_FROM_NEXT)) {
            expected = cells.size();
        }
        return new HeadQuery(
                input, best, perRow, targetIds, expected, output.checked(block.output()), orders.rankings());
    }

    /** Tokens whose logits a row needs: the targets and, for the cross-entropy or if it is given, the next token after them. */
    private static int followed(PlanResult result) {
        return result.plan().targets().size() + (followsNext(result) ? 1 : 0);
    }

    private static boolean followsNext(PlanResult result) {
        return result.wants(Statistic.CROSS_ENTROPY) || result.next().isGiven();
    }

    private void write(Cell cell, RowReadout readout, int row, FurtherOrders orders) {
        cell.result().attempt(() -> {
            finite.require(cell.result().plan(), readout.logSumExps()[row]);
            CellWriter.write(readout(cell), cell.position(), readout, row, orders.of(cell));
            cell.result().cellIsRead(cell.lens(), cell.readPoint());
        });
        cell.result().advance(1);
    }

    /** Adds the divergence of the model's output from the read points before it, and passes on the remaining cells. */
    void finish(PlanResult result) {
        for (int lens = 0; lens < result.plan().lenses().size(); lens++) {
            int before = result.before(lens, result.last());
            if (result.isOutput(lens, result.last()) && result.wants(Statistic.KL_FROM_NEXT) && before >= 0) {
                addKlFromOutput(result, lens, before);
            }
        }
        result.emitAll();
    }

    private void addKlFromOutput(PlanResult result, int lens, int readPoint) {
        HeadKernel kernel = ofOutput.kernel();
        PassLayout layout = ofOutput.rows().layout();
        for (int first = 0; first < result.positions(); first += kernel.rowLimit()) {
            int start = result.firstPosition() + first;
            List<Cell> before = IntStream.range(first, Math.min(first + kernel.rowLimit(), result.positions()))
                    .mapToObj(position -> layout.cell(result, lens, readPoint, position))
                    .toList();
            addKlFromNext(
                    before,
                    result.plan().lenses().get(lens),
                    output.expectations(),
                    i -> start + i,
                    i -> output.entropy(start + i));
            layout.report();
        }
    }

    /** KL(final || cell) = lse_cell - H_final - E_final[z_cell]. */
    private void addKlFromFinal(TorchScope step, TorchTensor input, List<Cell> cells) {
        int[] which = cells.stream()
                .mapToInt(cell -> cell.result().firstPosition() + cell.position())
                .toArray();
        float[] expected = ofOutput.kernel().expectedLogits(step, input, output.expectations(), which);
        for (int i = 0; i < which.length; i++) {
            writeKl(cells.get(i), Statistic.KL_FROM_FINAL, output.entropy(which[i]), expected[i]);
        }
    }

    /** Each cell is the next one for the cell of the same lens at the previous read point. */
    private void addKlFromNext(RowReadout readout, int firstRow, Block block) {
        List<Cell> cells = block.asked();
        int[] next = IntStream.range(0, cells.size())
                .filter(i -> before(cells.get(i)) >= 0 && cells.get(i).result().wants(Statistic.KL_FROM_NEXT))
                .toArray();
        if (next.length > 0) {
            List<Cell> before = IntStream.of(next)
                    .mapToObj(cells::get)
                    .map(cell ->
                            ofOutput.rows().layout().cell(cell.result(), cell.lens(), before(cell), cell.position()))
                    .toList();
            addKlFromNext(
                    before,
                    block.lens(),
                    readout.expectations().orElseThrow(),
                    i -> firstRow + next[i],
                    i -> readout.entropies()[firstRow + next[i]]);
        }
    }

    /**
     * Adds KL(next || cell) to cells.
     *
     * @param expectations of the next distributions
     * @param which index of the distribution for each cell
     * @param entropies of each cell's next distribution
     */
    private void addKlFromNext(
            List<Cell> cells,
            RequestedLens lens,
            Expectations expectations,
            IntUnaryOperator which,
            IntToDoubleFunction entropies) {
        ResidualRows rows = ofOutput.rows();
        try (TorchScope step = rows.scope()) {
            int[] indices = IntStream.range(0, cells.size()).map(which).toArray();
            float[] expected =
                    ofOutput.kernel().expectedLogits(step, rows.through(lens, step, cells), expectations, indices);
            for (int i = 0; i < expected.length; i++) {
                writeKl(cells.get(i), Statistic.KL_FROM_NEXT, entropies.applyAsDouble(i), expected[i]);
            }
        }
    }

    private static int before(Cell cell) {
        return cell.result().before(cell.lens(), cell.readPoint());
    }

    private static void writeKl(Cell cell, Statistic statistic, double entropy, double expectedLogit) {
        CellWriter.writeKl(readout(cell), cell.position(), statistic, entropy, expectedLogit);
    }

    private static CellReadout readout(Cell cell) {
        return cell.result().cells(cell.lens(), cell.readPoint());
    }

    private static boolean any(List<Cell> cells, Statistic statistic) {
        return cells.stream().anyMatch(cell -> cell.result().wants(statistic));
    }
}
