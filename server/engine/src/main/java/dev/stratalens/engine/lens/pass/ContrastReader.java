package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.CandidateRule.Contrast;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Chooses predictions that are likelier in their cell than in a reference. The log-sum-exps are the same for all tokens of a cell, so
 * logits are compared. Those of both cells come from the same code, so that a cell and itself differ by nothing.
 *
 * @param head with the rows of all cells
 */
record ContrastReader(HeadRows head) {

    /**
     * A cell in a readout.
     *
     * @param row index in the readout
     */
    record ReadCell(Cell cell, int row) {}

    /** The lenses of cells that are compared together. */
    private record LensPair(RequestedLens own, RequestedLens reference) {}

    /** Number of best tokens that a block must have for its cells. */
    static int best(List<Cell> cells, int vocabularySize) {
        return cells.stream().anyMatch(cell -> rule(cell) instanceof Contrast)
                ? Math.min(Contrast.AMONG, vocabularySize)
                : 0;
    }

    /** Replaces the most likely tokens of the cells whose plan asks for it. */
    void choose(List<ReadCell> cells, RowReadout readout) {
        Map<LensPair, List<ReadCell>> together = new LinkedHashMap<>();
        for (ReadCell read : cells) {
            if (rule(read.cell()) instanceof Contrast contrast
                    && read.cell().result().isLive()) {
                List<RequestedLens> lenses = read.cell().result().plan().lenses();
                RequestedLens own = lenses.get(read.cell().lens());
                RequestedLens reference =
                        contrast instanceof CandidateRule.LensContrast other ? lenses.get(other.lens()) : own;
                together.computeIfAbsent(new LensPair(own, reference), key -> new ArrayList<>())
                        .add(read);
            }
        }
        together.forEach((lenses, some) -> choose(lenses, some, readout));
    }

    private void choose(LensPair lenses, List<ReadCell> cells, RowReadout readout) {
        int among = Math.min(Contrast.AMONG, readout.kept());
        int[][] ids = cells.stream()
                .map(read -> Arrays.copyOfRange(
                        readout.topIds(), read.row() * readout.kept(), read.row() * readout.kept() + among))
                .toArray(int[][]::new);
        float[][] own = logits(lenses.own(), cells.stream().map(ReadCell::cell).toList(), ids);
        float[][] reference = logits(
                lenses.reference(),
                cells.stream().map(read -> reference(read.cell())).toList(),
                ids);
        for (int i = 0; i < ids.length; i++) {
            ReadCell read = cells.get(i);
            int index = i;
            read.cell().result().attempt(() -> write(read, chosen(own[index], reference[index], topK(read)), readout));
        }
    }

    private float[][] logits(RequestedLens lens, List<Cell> cells, int[][] ids) {
        try (TorchScope step = head.rows().scope()) {
            return head.kernel().logits(head.rows().through(lens, step, cells), ids);
        }
    }

    private Cell reference(Cell cell) {
        PassLayout layout = head.rows().layout();
        if (rule(cell) instanceof CandidateRule.LayerContrast layer) {
            int point = cell.result().readPointIndex(ReadPoint.layer(layer.block()));
            return layout.cell(cell.result(), cell.lens(), point, cell.position());
        }
        int lens = ((CandidateRule.LensContrast) rule(cell)).lens();
        return layout.cell(cell.result(), lens, cell.readPoint(), cell.position());
    }

    /** Places among the most likely tokens, ascending: the first one, and those that gained most. */
    private static int[] chosen(float[] own, float[] reference, int topK) {
        IntStream gained = IntStream.range(1, own.length)
                .boxed()
                .sorted(Comparator.comparingDouble(place -> reference[place] - own[place]))
                .limit(topK - 1L)
                .mapToInt(Integer::intValue);
        return IntStream.concat(IntStream.of(0), gained).sorted().toArray();
    }

    private static void write(ReadCell read, int[] places, RowReadout readout) {
        Cell cell = read.cell();
        CellReadout cells = cell.result().cells(cell.lens(), cell.readPoint());
        for (int i = 0; i < places.length; i++) {
            int from = read.row() * readout.kept() + places[i];
            int to = cell.position() * topK(read) + i;
            cells.topIds()[to] = readout.topIds()[from];
            cells.topLogProbs()[to] = readout.topLogits()[from] - readout.logSumExps()[read.row()];
        }
    }

    private static int topK(ReadCell read) {
        return read.cell().result().plan().topK();
    }

    private static CandidateRule rule(Cell cell) {
        return cell.result().plan().candidates().rule();
    }
}
