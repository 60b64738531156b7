package dev.stratalens.server.grpc.result;

import static java.util.Objects.requireNonNull;

import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a stream of either form straight from the words of cells.proto, by other code than that which writes it. */
public final class CompactReader {

    private static final double LSE_STEP = 1 / 256.0;

    /** Where a cell is. */
    public record Place(int lens, int readPoint, int position) {}

    /** One cell; targets that do not exist and statistics without a value are NaN. */
    public record Cell(
            List<Integer> ids,
            List<Double> logProbs,
            List<Integer> ranks,
            List<Double> targets,
            List<Double> columns) {}

    private record Known(double logProb, int code) {}

    private LensHeader header = LensHeader.getDefaultInstance();
    private final Map<Integer, List<Integer>> seen = new HashMap<>();
    private final Map<Integer, List<Integer>> targetIds = new HashMap<>();
    private final Map<Place, Map<Integer, Known>> known = new HashMap<>();
    private final Map<String, Integer> last = new HashMap<>();
    private final Map<Place, Cell> cells = new LinkedHashMap<>();
    private final Map<Place, Map<Integer, List<Double>>> trajectories = new LinkedHashMap<>();
    private int exactChunks;

    public static CompactReader of(List<Event> events) {
        CompactReader reader = new CompactReader();
        events.forEach(reader::read);
        return reader;
    }

    public LensHeader header() {
        return header;
    }

    public Map<Place, Cell> cells() {
        return cells;
    }

    /** Rows by id; the read point of the place is 0. */
    public Map<Place, Map<Integer, List<Double>>> trajectories() {
        return trajectories;
    }

    /** A cell that was read. */
    public Cell cell(Place place) {
        return requireNonNull(cells.get(place));
    }

    /** The rows of a position that were read; the read point of the place is 0. */
    public Map<Integer, List<Double>> trajectory(Place place) {
        return requireNonNull(trajectories.get(place));
    }

    /** A row that was read. */
    public List<Double> row(Place place, int id) {
        return requireNonNull(trajectory(place).get(id));
    }

    int exactChunks() {
        return exactChunks;
    }

    public void read(Event event) {
        switch (event.getKindCase()) {
            case HEADER -> header = event.getHeader();
            case TARGET_CHUNK -> targets(event.getTargetChunk());
            case CELL_CHUNK -> cells(event.getCellChunk());
            case TRAJECTORY_CHUNK -> trajectory(event.getTrajectoryChunk());
            default -> {}
        }
    }

    private void targets(TargetChunk chunk) {
        int m = header.getTargetsCount();
        for (int i = 0; i < chunk.getPositionCount(); i++) {
            List<Integer> ids = new ArrayList<>();
            for (int j = i * m; j < (i + 1) * m; j++) {
                ids.add(chunk.getMissingList().contains(j) ? -1 : chunk.getTargetIds(j));
            }
            targetIds.put(chunk.getFirstPosition() + i, ids);
        }
    }

    private void cells(CellChunk chunk) {
        boolean exact = chunk.getLogProbsCount() > 0;
        exactChunks += exact ? 1 : 0;
        Iterator<Integer> newIds = chunk.getTokenIdsList().iterator();
        Iterator<Integer> targetCodes = chunk.getTargetCodesList().iterator();
        Iterator<Float> targetFloats = chunk.getTargetLogProbsList().iterator();
        int k = header.getTopK();
        int m = header.getTargetsCount();
        for (int i = 0; i < chunk.getPositionCount(); i++) {
            int position = chunk.getFirstPosition() + i;
            String at = chunk.getLens() + "/" + position + "/";
            Map<Integer, Known> of = new LinkedHashMap<>();
            List<Integer> ids = new ArrayList<>();
            List<Double> logProbs = new ArrayList<>();
            int code = 0;
            for (int j = i * k; j < (i + 1) * k; j++) {
                int id = id(position, chunk.getTokenRefs(j), newIds);
                code += exact ? 0 : chunk.getLogProbCodes(j);
                double logProb = exact ? chunk.getLogProbs(j) : -Math.expm1(code / 1024.0);
                ids.add(id);
                logProbs.add(logProb);
                of.putIfAbsent(id, new Known(logProb, code));
            }
            List<Double> targets = new ArrayList<>();
            for (int j = 0; j < m; j++) {
                int id = requireNonNull(targetIds.get(position)).get(j);
                if (id < 0) {
                    targets.add(Double.NaN);
                    continue;
                }
                if (!of.containsKey(id)) {
                    int mine = exact ? 0 : last.getOrDefault(at + "t" + j, 0) + targetCodes.next();
                    of.put(id, new Known(exact ? targetFloats.next() : -Math.expm1(mine / 1024.0), mine));
                }
                Known own = requireNonNull(of.get(id));
                last.put(at + "t" + j, own.code());
                targets.add(own.logProb());
            }
            List<Double> columns = new ArrayList<>();
            for (int s = 0; s < header.getStatisticsCount(); s++) {
                columns.add(column(chunk, exact, s, i, at + "s" + s));
            }
            known.put(new Place(chunk.getLens(), chunk.getReadPoint(), position), of);
            cells.put(
                    new Place(chunk.getLens(), chunk.getReadPoint(), position),
                    new Cell(ids, logProbs, chunk.getTargetRanksList().subList(i * m, (i + 1) * m), targets, columns));
        }
    }

    private double column(CellChunk chunk, boolean exact, int statistic, int i, String what) {
        int index = statistic * chunk.getPositionCount() + i;
        if (exact) {
            last.put(what, 0);
            return chunk.getColumnValues(index);
        }
        int code = last.getOrDefault(what, 0) + chunk.getColumnCodes(index);
        last.put(what, code);
        Statistic which = header.getStatistics(statistic);
        if (which == Statistic.STATISTIC_KL_FROM_NEXT && chunk.getReadPoint() == header.getReadPointsCount() - 1) {
            return Double.NaN;
        }
        // The streams of these tests end with the prompt's last token.
        if (which == Statistic.STATISTIC_CROSS_ENTROPY
                && chunk.getFirstPosition() + i == header.getPositionCount() - 1) {
            return Double.NaN;
        }
        return which == Statistic.STATISTIC_LOG_SUM_EXP ? code * LSE_STEP : Math.expm1(code / 1024.0);
    }

    private void trajectory(TrajectoryChunk chunk) {
        boolean exact = chunk.getLogProbsCount() > 0;
        Iterator<Integer> newIds = chunk.getTokenIdsList().iterator();
        Iterator<Integer> codes = chunk.getLogProbCodesList().iterator();
        Iterator<Float> floats = chunk.getLogProbsList().iterator();
        List<Integer> ids = chunk.getAllTokens()
                ? List.copyOf(requireNonNull(seen.get(chunk.getPosition())))
                : chunk.getTokenRefsList().stream()
                        .map(reference -> id(chunk.getPosition(), reference, newIds))
                        .toList();
        Map<Integer, List<Double>> rows = trajectories.computeIfAbsent(
                new Place(chunk.getLens(), 0, chunk.getPosition()), unseen -> new LinkedHashMap<>());
        for (int id : ids) {
            List<Double> row = new ArrayList<>();
            int code = 0;
            for (int point = 0; point < header.getReadPointsCount(); point++) {
                Known there = requireNonNull(known.get(new Place(chunk.getLens(), point, chunk.getPosition())))
                        .get(id);
                if (there != null) {
                    code = there.code() >> 2;
                    row.add(there.logProb());
                } else if (exact) {
                    row.add((double) floats.next());
                } else {
                    code += codes.next();
                    row.add(-Math.expm1(code / 256.0));
                }
            }
            rows.put(id, row);
        }
        if (codes.hasNext() || floats.hasNext()) {
            throw new AssertionError("A chunk says more than it names.");
        }
    }

    private int id(int position, int reference, Iterator<Integer> newIds) {
        List<Integer> ids = seen.computeIfAbsent(position, unseen -> new ArrayList<>());
        if (reference == 0) {
            ids.add(newIds.next());
            return ids.get(ids.size() - 1);
        }
        return ids.get(reference - 1);
    }
}
