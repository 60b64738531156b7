package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kept residual rows of a pass: on which device, and there in which order: by read point, then by plan, then by
 * position.
 */
final class PassLayout {

    private final List<PlanResult> results;
    private final List<ReadPoint> readPoints;
    private final int positions;
    private final PlanResult[] resultOfPosition;
    /** Of each read point. */
    private final List<Device> deviceOfPoint;

    /** Of each read point, on its device. */
    private final int[] firstRows;

    private final Map<Device, Integer> rows = new LinkedHashMap<>();
    private final Map<Integer, Set<Site>> sitesByBlock;

    /**
     * The rows of a pass.
     *
     * @param output always kept, even if not requested
     * @param device on which the rows of a read point are kept and read
     */
    PassLayout(List<PlanResult> results, ReadPoint output, Function<ReadPoint, Device> device) {
        this.results = results;
        this.readPoints = Stream.concat(
                        results.stream()
                                .flatMap(result -> Stream.concat(
                                        result.plan().readPoints().stream(), result.plan().attributed().stream()))
                                .filter(point -> point.site().isForLenses()),
                        Stream.of(output))
                .distinct()
                .sorted()
                .toList();
        this.sitesByBlock = results.stream()
                .flatMap(result ->
                        Stream.concat(result.plan().readPoints().stream(), result.plan().attributed().stream()))
                .filter(point -> Site.INSIDE.contains(point.site()))
                .collect(Collectors.groupingBy(
                        ReadPoint::block, Collectors.mapping(ReadPoint::site, Collectors.toUnmodifiableSet())));
        this.resultOfPosition = results.stream()
                .flatMap(result -> Stream.generate(() -> result).limit(result.positions()))
                .toArray(PlanResult[]::new);
        this.positions = resultOfPosition.length;
        this.deviceOfPoint = readPoints.stream().map(device).toList();
        this.firstRows = new int[readPoints.size()];
        for (int point = 0; point < firstRows.length; point++) {
            Device here = deviceOfPoint.get(point);
            firstRows[point] = rows.getOrDefault(here, 0);
            rows.put(here, Math.addExact(firstRows[point], positions));
        }
    }

    List<PlanResult> results() {
        return results;
    }

    /** Reports progress to the listener of every plan. */
    void report() {
        results.forEach(PlanResult::report);
    }

    /** Kept read points, by depth, without those of attention heads. */
    List<ReadPoint> readPoints() {
        return readPoints;
    }

    /** Number of positions of all plans. */
    int positions() {
        return positions;
    }

    /** The device on which a read point is kept and read. */
    Device device(ReadPoint point) {
        return deviceOfPoint.get(Collections.binarySearch(readPoints, point));
    }

    /** The devices of all rows. */
    Set<Device> devices() {
        return rows.keySet();
    }

    /** Number of rows on a device. */
    int rows(Device device) {
        return rows.getOrDefault(device, 0);
    }

    /** The result that a position belongs to, counted over all plans. */
    PlanResult result(int position) {
        return resultOfPosition[position];
    }

    boolean keeps(ReadPoint point) {
        return Collections.binarySearch(readPoints, point) >= 0;
    }

    /** The sites inside a block that are kept. */
    Set<Site> sites(int block) {
        return sitesByBlock.getOrDefault(block, Set.of());
    }

    /** First row of a read point, which must be kept, on its device. */
    int firstRow(ReadPoint point) {
        return firstRows[Collections.binarySearch(readPoints, point)];
    }

    /** A cell of the model's own output, which is not a requested cell. */
    Cell cell(PlanResult result, ReadPoint output, int place) {
        return new Cell(result, output, -1, -1, place - result.firstPosition(), firstRow(output) + place);
    }

    /** A requested cell of a plan. */
    Cell cell(PlanResult result, int lens, int readPoint, int position) {
        ReadPoint point = result.plan().readPoints().get(readPoint);
        return new Cell(result, point, lens, readPoint, position, firstRow(point) + result.firstPosition() + position);
    }
}
