package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Where the residual rows of a pass are kept: read point by read point, run by run, position by position. */
final class PassLayout {

    private final List<LensRun> runs;
    private final List<ReadPoint> readPoints;
    private final int positions;
    private final LensRun[] runOfPosition;

    /** @param output is kept whether asked for or not */
    PassLayout(List<LensRun> runs, ReadPoint output) {
        this.runs = runs;
        this.readPoints = Stream.concat(
                        runs.stream().flatMap(run -> run.plan().readPoints().stream()), Stream.of(output))
                .distinct()
                .sorted()
                .toList();
        this.runOfPosition = runs.stream()
                .flatMap(run -> Stream.generate(() -> run).limit(run.positions()))
                .toArray(LensRun[]::new);
        this.positions = runOfPosition.length;
    }

    List<LensRun> runs() {
        return runs;
    }

    /** Kept read points, by depth. */
    List<ReadPoint> readPoints() {
        return readPoints;
    }

    /** Positions of all runs. */
    int positions() {
        return positions;
    }

    /** Rows of all read points. */
    int rows() {
        return Math.multiplyExact(readPoints.size(), positions);
    }

    /** The run of a position among all runs'. */
    LensRun run(int position) {
        return runOfPosition[position];
    }

    boolean keeps(ReadPoint point) {
        return Collections.binarySearch(readPoints, point) >= 0;
    }

    /** First row of a read point, which must be kept. */
    int firstRow(ReadPoint point) {
        return Collections.binarySearch(readPoints, point) * positions;
    }

    /** The read point of a row. */
    ReadPoint readPoint(int row) {
        return readPoints.get(row / positions);
    }

    /** The cell of a run. */
    Cell cell(LensRun run, int lens, int readPoint, int position) {
        int first = firstRow(run.plan().readPoints().get(readPoint));
        return new Cell(run, lens, readPoint, position, first + run.firstPosition() + position);
    }
}
