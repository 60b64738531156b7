package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.RequestedTarget;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cells of a pass, in blocks that are projected together. Rows of the model's output and of many read points are
 * stacked, because short prompts spend most of their time reading the unembedding. Rows of different lenses and on
 * different devices are not stacked.
 */
final class CellBlocks {

    private final PassLayout layout;
    private final List<Cell> output;
    private final boolean outputStandsAlone;
    private final List<Run> runs;
    private final int runsBeforeOutput;
    private final int rowLimit;
    private int outputDone;
    private int run;
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

        /** The device of all its rows. */
        Device device(PassLayout layout) {
            return layout.device((output.isEmpty() ? asked : output).get(0).point());
        }
    }

    /**
     * Neighboring read points on one device, read by one lens.
     *
     * @param first index of the first one among those of the layout
     * @param end index after the last one
     */
    private record Run(RequestedLens lens, int first, int end) {}

    /** All cells of a pass. */
    CellBlocks(PassLayout layout, ReadPoint output, int rowLimit) {
        this.layout = layout;
        this.rowLimit = rowLimit;
        this.output = IntStream.range(0, layout.positions())
                .mapToObj(place -> layout.cell(layout.result(place), output, place))
                .toList();
        // A target that depends on the output must be known before any other cell is read.
        this.outputStandsAlone = layout.results().stream()
                .flatMap(result -> result.plan().targets().stream())
                .anyMatch(target -> target.target() instanceof RequestedTarget.FinalTop);
        int points = layout.readPoints().size();
        int early = outputStandsAlone ? 0 : pointsBefore(layout.device(output));
        List<Run> beforeOutput = runs(0, early);
        this.runsBeforeOutput = beforeOutput.size();
        this.runs = Stream.concat(beforeOutput.stream(), runs(early, points).stream())
                .toList();
        this.readPoint = runs.get(0).first();
    }

    /** The first read points, up to one on the device of the output: they are read while that device still computes. */
    private int pointsBefore(Device ofOutput) {
        return (int) layout.readPoints().stream()
                .takeWhile(point -> !layout.device(point).equals(ofOutput))
                .count();
    }

    /** Lens by lens and device by device. */
    private List<Run> runs(int first, int end) {
        // The logit lens comes first: its cells share blocks with the model's output.
        List<RequestedLens> lenses = Stream.concat(
                        Stream.of(new RequestedLens.Logit()),
                        layout.results().stream().flatMap(result -> result.plan().lenses().stream()))
                .distinct()
                .toList();
        var found = new ArrayList<Run>();
        for (RequestedLens lens : lenses) {
            for (int next = first; next < end; ) {
                int start = next;
                Device device = layout.device(layout.readPoints().get(start));
                while (next < end && layout.device(layout.readPoints().get(next)).equals(device)) {
                    next++;
                }
                found.add(new Run(lens, start, next));
            }
        }
        return found;
    }

    /**
     * The next block: the model's output first, then lens by lens and read point by read point; empty at the end. What is
     * on other devices than the output, and before it, comes even earlier.
     */
    Block next() {
        if (run < runsBeforeOutput) {
            List<Cell> asked = asked(blockSize(remaining()));
            while (asked.isEmpty() && ++run < runsBeforeOutput) {
                begin();
                asked = asked(blockSize(remaining()));
            }
            if (!asked.isEmpty()) {
                return new Block(List.of(), asked, runs.get(run).lens());
            }
            begin();
        }
        int count = Math.min(output.size() - outputDone, blockSize(output.size() - outputDone));
        List<Cell> first = output.subList(outputDone, outputDone + count);
        outputDone += count;
        if (outputDone < output.size() || (outputStandsAlone && !first.isEmpty())) {
            return new Block(first, List.of(), runs.get(run).lens());
        }
        List<Cell> asked = asked(blockSize(count + remaining()) - count);
        while (asked.isEmpty() && first.isEmpty() && run < runs.size() - 1) {
            run++;
            begin();
            asked = asked(blockSize(remaining()));
        }
        return new Block(first, asked, runs.get(run).lens());
    }

    private void begin() {
        readPoint = runs.get(run).first();
        position = 0;
    }

    /** Size that gives about equal blocks, at most the limit. */
    private int blockSize(long cells) {
        long blocks = Math.max(1, (cells + rowLimit - 1) / rowLimit);
        return (int) ((cells + blocks - 1) / blocks);
    }

    private long remaining() {
        long cells = 0;
        for (int i = readPoint; i < runs.get(run).end(); i++) {
            ReadPoint point = layout.readPoints().get(i);
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
        RequestedLens lens = runs.get(run).lens();
        var cells = new ArrayList<Cell>();
        for (; readPoint < runs.get(run).end(); readPoint++, position = 0) {
            ReadPoint point = layout.readPoints().get(readPoint);
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
                            result.lensIndex(lens),
                            result.readPointIndex(point),
                            position - result.firstPosition(),
                            firstRow + position));
                }
            }
        }
        return cells;
    }

    /** Whether cells are read beside the model's own output. */
    private boolean isRead(PlanResult result, ReadPoint point) {
        int lensIndex = result.lensIndex(runs.get(run).lens());
        int index = result.readPointIndex(point);
        return lensIndex >= 0 && index >= 0 && !result.isOutput(lensIndex, index);
    }
}
