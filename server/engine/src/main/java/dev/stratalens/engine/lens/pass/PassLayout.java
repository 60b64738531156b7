package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The order of the kept residual rows of a pass: by read point, then by plan, then by position. */
final class PassLayout {

    private final List<PlanResult> results;
    private final List<ReadPoint> readPoints;
    private final int positions;
    private final PlanResult[] resultOfPosition;

    /** @param output always kept, even if not requested */
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

    /** Reports progress to the listener of every plan. */
    void report() {
        results.forEach(PlanResult::report);
    }

    /** Kept read points, by depth. */
    List<ReadPoint> readPoints() {
        return readPoints;
    }

    /** Number of positions of all plans. */
    int positions() {
        return positions;
    }

    /** Number of rows of all read points. */
    int rows() {
        return Math.multiplyExact(readPoints.size(), positions);
    }

    /** The result that a position belongs to, counted over all plans. */
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

    /** A cell of the model's own output, which is not a requested cell. */
    Cell cell(PlanResult result, ReadPoint output, int place) {
        return new Cell(result, -1, -1, place - result.firstPosition(), firstRow(output) + place);
    }

    /** A requested cell of a plan. */
    Cell cell(PlanResult result, int lens, int readPoint, int position) {
        int first = firstRow(result.plan().readPoints().get(readPoint));
        return new Cell(result, lens, readPoint, position, first + result.firstPosition() + position);
    }
}
