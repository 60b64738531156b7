package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensCoverage;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Cuts the tracked tokens of a position into messages of bounded size, without what the cells have said of them. */
final class TrajectoryChunks {

    private static final int MAX_VALUES = 65_536;
    private static final int UNSENT = -1;

    private final List<LensCoverage> coverage;
    private final NumberForm form;
    private final NamedIds references;
    private final SentTexts texts;
    private final SentCells sent;

    TrajectoryChunks(LensPlan plan, NumberForm form, NamedIds references, SentTexts texts, SentCells sent) {
        this.coverage = plan.coverage();
        this.form = form;
        this.references = references;
        this.texts = texts;
        this.sent = sent;
    }

    /** Makes one message after the other; one without tokens if the position has none. */
    void split(PositionTrajectory trajectory, Consumer<TrajectoryChunk> consumer) {
        List<Integer> rows = inOrderOfUse(trajectory);
        int[] known = known(trajectory);
        int step = Math.max(1, MAX_VALUES / readPoints(trajectory).size());
        boolean all = rows.size() <= step && isAll(trajectory);
        int first = 0;
        do {
            int end = Math.min(first + step, rows.size());
            consumer.accept(chunk(trajectory, rows.subList(first, end), known, all));
            first = end;
        } while (first < rows.size());
    }

    /** Those that the lens has. */
    private List<Integer> readPoints(PositionTrajectory trajectory) {
        return coverage.get(trajectory.lens()).readPoints();
    }

    /** Indices of the tokens, in the order of the position's list; those that are not in it come last. */
    private List<Integer> inOrderOfUse(PositionTrajectory trajectory) {
        IdList named = references.at(trajectory.positionIndex());
        return IntStream.range(0, trajectory.tokenIds().length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> {
                    int number = named.numberOf(trajectory.tokenIds()[row]);
                    return number == 0 ? Integer.MAX_VALUE : number;
                }))
                .toList();
    }

    private boolean isAll(PositionTrajectory trajectory) {
        IdList named = references.at(trajectory.positionIndex());
        return named.size() == trajectory.tokenIds().length
                && IntStream.of(trajectory.tokenIds()).allMatch(id -> named.numberOf(id) > 0);
    }

    /** The code of each number that a cell has sent, [t * r]; {@link #UNSENT} for the others. */
    private int[] known(PositionTrajectory trajectory) {
        int[] ids = trajectory.tokenIds();
        List<Integer> points = readPoints(trajectory);
        var known = new int[ids.length * points.size()];
        Arrays.fill(known, UNSENT);
        for (int i = 0; i < points.size(); i++) {
            int column = i;
            sent.forEach(trajectory.lens(), points.get(i), trajectory.positionIndex(), (id, code) -> {
                int row = Arrays.binarySearch(ids, id);
                if (row >= 0) {
                    known[row * points.size() + column] = code;
                }
            });
        }
        return known;
    }

    private TrajectoryChunk chunk(PositionTrajectory trajectory, List<Integer> rows, int[] known, boolean all) {
        TrajectoryChunk.Builder chunk = TrajectoryChunk.newBuilder()
                .setLens(trajectory.lens())
                .setPosition(trajectory.positionIndex())
                .setAllTokens(all);
        SentTexts.Table table = texts.table();
        boolean compact = form != NumberForm.NUMBER_FORM_FLOAT32 && areFinite(trajectory, rows, known);
        for (int row : rows) {
            int id = trajectory.tokenIds()[row];
            table.add(id);
            if (!all) {
                references.name(trajectory.positionIndex(), id, chunk::addTokenRefs, chunk::addTokenIds);
            }
            addRow(chunk, trajectory, known, row, compact);
        }
        return chunk.setNewTokens(table.build()).build();
    }

    private boolean areFinite(PositionTrajectory trajectory, List<Integer> rows, int[] known) {
        int points = readPoints(trajectory).size();
        return rows.stream()
                .flatMapToInt(row -> IntStream.range(row * points, (row + 1) * points))
                .allMatch(i -> known[i] != UNSENT || Float.isFinite(trajectory.logProbs()[i]));
    }

    private void addRow(
            TrajectoryChunk.Builder chunk, PositionTrajectory trajectory, int[] known, int row, boolean compact) {
        float[] logProbs = trajectory.logProbs();
        int points = readPoints(trajectory).size();
        int before = 0;
        for (int i = row * points; i < (row + 1) * points; i++) {
            if (known[i] != UNSENT) {
                before = known[i];
            } else if (compact) {
                int code = LogCode.ofTrackedLogProb(logProbs[i]);
                chunk.addLogProbCodes(code - before);
                before = code;
            } else {
                chunk.addLogProbs(logProbs[i]);
            }
        }
    }
}
