package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Where the residual rows of a pass are kept: read point by read point, plan by plan, position by position. */
final class PassLayout {

    private final List<PlanResult> results;
    private final List<ReadPoint> readPoints;
    private final int positions;
    private final PlanResult[] resultOfPosition;

    /** @param output is kept whether asked for or not */
    PassLayout(List<PlanResult> results, ReadPoint output) {
        this.results = results;
        this.readPoints = Stream.concat(
                        results.stream().flatMap(result -> result.plan().readPoints().stream()), Stream.of(output))
                .distinct()
                .sorted()
                .toList();
        this.resultOfPosition = results.stream()
                .flatMap(result -> Stream.generate(() -> result).limit(result.positions()))
                .toArray(PlanResult[]::new);
        this.positions = resultOfPosition.length;
    }

    List<PlanResult> results() {
        return results;
    }

    /** Tells every plan's listener how far it is. */
    void report() {
        results.forEach(PlanResult::report);
    }

    /** Kept read points, by depth. */
    List<ReadPoint> readPoints() {
        return readPoints;
    }

    /** Positions of all plans. */
    int positions() {
        return positions;
    }

    /** Rows of all read points. */
    int rows() {
        return Math.multiplyExact(readPoints.size(), positions);
    }

    /** The result of a position among those of all plans. */
    PlanResult result(int position) {
        return resultOfPosition[position];
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

    /** A cell of the model's own output, which is no asked one. */
    Cell cell(PlanResult result, ReadPoint output, int place) {
        return new Cell(result, -1, -1, place - result.firstPosition(), firstRow(output) + place);
    }

    /** A cell that a plan asks for. */
    Cell cell(PlanResult result, int lens, int readPoint, int position) {
        int first = firstRow(result.plan().readPoints().get(readPoint));
        return new Cell(result, lens, readPoint, position, first + result.firstPosition() + position);
    }
}
