package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cells of a pass on one device, in blocks that are projected together. Rows of the model's output and of many read points are
 * stacked, because short prompts spend most of their time reading the unembedding. Rows of different lenses are not
 * stacked.
 */
final class CellBlocks {

    private final PassLayout layout;
    private final List<ReadPoint> readPoints;
    private final List<Cell> output;
    private final boolean outputStandsAlone;
    private final List<RequestedLens> lenses;
    private final int rowLimit;
    private int outputDone;
    private int lens;
    private int readPoint;
    private int position;

    /**
     * Cells that are projected together.
     *
     * @param output cells of the model's output
     * @param asked requested cells after it; if there are both, the logit lens reads all
     * @param lens lens of the requested cells
     */
    record Block(List<Cell> output, List<Cell> asked, RequestedLens lens) {

        int size() {
            return output.size() + asked.size();
        }

        boolean isEmpty() {
            return size() == 0;
        }
    }

    /** All cells of a pass on a device. */
    CellBlocks(PassLayout layout, ReadPoint output, int rowLimit, Device device) {
        this.layout = layout;
        this.readPoints = layout.readPoints().stream()
                .filter(point -> layout.device(point).equals(device))
                .toList();
        this.rowLimit = rowLimit;
        // The logit lens comes first: its cells share blocks with the model's output.
        this.lenses = Stream.concat(
                        Stream.of(new RequestedLens.Logit()),
                        layout.results().stream().flatMap(result -> result.plan().lenses().stream()))
                .distinct()
                .toList();
        this.output = IntStream.range(0, layout.device(output).equals(device) ? layout.positions() : 0)
                .mapToObj(place -> layout.cell(layout.result(place), output, place))
                .toList();
        this.outputStandsAlone = layout.results().stream().anyMatch(PlanResult::readsOutputFirst);
    }

    /** The next block: the model's output first, then lens by lens and read point by read point; empty at the end. */
    Block next() {
        int count = Math.min(output.size() - outputDone, blockSize(output.size() - outputDone));
        List<Cell> first = output.subList(outputDone, outputDone + count);
        outputDone += count;
        if (outputDone < output.size() || (outputStandsAlone && !first.isEmpty())) {
            return new Block(first, List.of(), lenses.get(lens));
        }
        List<Cell> asked = asked(blockSize(count + remaining()) - count);
        while (asked.isEmpty() && first.isEmpty() && lens < lenses.size() - 1) {
            lens++;
            readPoint = 0;
            asked = asked(blockSize(remaining()));
        }
        return new Block(first, asked, lenses.get(lens));
    }

    /** Size that gives about equal blocks, at most the limit. */
    private int blockSize(long cells) {
        long blocks = Math.max(1, (cells + rowLimit - 1) / rowLimit);
        return (int) ((cells + blocks - 1) / blocks);
    }

    private long remaining() {
        long cells = 0;
        for (int i = readPoint; i < readPoints.size(); i++) {
            ReadPoint point = readPoints.get(i);
            int start = i == readPoint ? position : 0;
            cells += layout.results().stream()
                    .filter(result -> isRead(result, point))
                    .mapToLong(result -> result.positions()
                            - Math.min(result.positions(), Math.max(0, start - result.firstPosition())))
                    .sum();
        }
        return cells;
    }

    private List<Cell> asked(int limit) {
        var cells = new ArrayList<Cell>();
        for (; readPoint < readPoints.size(); readPoint++, position = 0) {
            ReadPoint point = readPoints.get(readPoint);
            int firstRow = layout.firstRow(point);
            for (; position < layout.positions(); position++) {
                PlanResult result = layout.result(position);
                if (isRead(result, point) && result.isLive()) {
                    if (cells.size() >= limit) {
                        return cells;
                    }
                    cells.add(new Cell(
                            result,
                            point,
                            result.lensIndex(lenses.get(lens)),
                            result.readPointIndex(point),
                            position - result.firstPosition(),
                            firstRow + position));
                }
            }
        }
        return cells;
    }

    /** Whether cells are read after the model's own output. */
    private boolean isRead(PlanResult result, ReadPoint point) {
        int lensIndex = result.lensIndex(lenses.get(lens));
        int index = result.readPointIndex(point);
        return lensIndex >= 0 && index >= 0 && result.reads(lensIndex, index) && !result.isOutput(lensIndex, index);
    }
}
