package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Trajectories.Encoding;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.TrackedColumns;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts trajectory chunks together: every position in order, in one chunk or more, ids ascending, and only tokens that are
 * tracked at the position. How many rows are missing is known at the end, so that a lost chunk is noticed.
 */
final class TrajectoryAssembler {

    private static final int MILLION = 1_000_000;

    private final RunInfo info;
    private final List<LayerColumns> layers;
    private final int[] namedIds;
    private final List<TrackedColumns> complete = new ArrayList<>();
    private final List<TrackedColumns> chunks = new ArrayList<>();
    private int[] union = {};
    private int lastId;
    private long missingRows;

    TrajectoryAssembler(RunInfo info, List<LayerColumns> layers) {
        this.info = info;
        this.layers = layers;
        namedIds = info.targets().stream()
                .filter(target ->
                        target.target() instanceof LensTarget.TokenId || target.target() instanceof LensTarget.Text)
                .mapToInt(target -> target.tokens().get(0).id())
                .toArray();
    }

    void add(TrajectoryChunk chunk) {
        require(isPromised(), "a trajectory came, but the header promised none");
        int index = chunk.getPositionIndex();
        if (index == complete.size() + 1 && !chunks.isEmpty()) {
            closePosition();
        }
        require(
                index == complete.size() && index < info.positions().size(),
                "expected trajectories of position index %d of %d, but index %s came",
                complete.size(),
                info.positions().size(),
                Integer.toUnsignedString(index));
        if (chunks.isEmpty()) {
            union = union(index);
            lastId = -1;
        }
        chunks.add(read(chunk));
    }

    /** All positions, and nothing missing but the rows that the server says it left out. */
    List<TrackedColumns> finish(long omittedRows) {
        if (!isPromised()) {
            return List.of();
        }
        if (!chunks.isEmpty()) {
            closePosition();
        }
        require(
                complete.size() == info.positions().size(),
                "trajectories of %d of %d positions came",
                complete.size(),
                info.positions().size());
        require(
                missingRows == omittedRows,
                "%d tracked tokens came without trajectory, the summary says %d",
                missingRows,
                omittedRows);
        return complete;
    }

    private boolean isPromised() {
        return info.trajectoryEncoding() != Encoding.NONE;
    }

    private TrackedColumns read(TrajectoryChunk chunk) {
        boolean exact = info.trajectoryEncoding() == Encoding.FLOAT32;
        int position = info.positions().get(complete.size());
        int rows = chunk.getTokenIdsCount();
        int values = Math.multiplyExact(rows, info.layers().size());
        int[] ids = new int[rows];
        float[] logProbs = new float[exact ? values : 0];
        int[] ppm = new int[exact ? 0 : values];
        Columns columns = new Columns("trajectories of position " + position);
        columns.ints("token_ids", rows, chunk::getTokenIds, ids, 0, rows);
        columns.floats("log_probs", chunk.getLogProbsCount(), chunk::getLogProbs, logProbs, 0, logProbs.length);
        columns.ints(
                "probabilities_ppm", chunk.getProbabilitiesPpmCount(), chunk::getProbabilitiesPpm, ppm, 0, ppm.length);
        for (int id : ids) {
            require(id > lastId, "tracked ids of position %d are not ascending: %d after %d", position, id, lastId);
            require(
                    Arrays.binarySearch(union, id) >= 0,
                    "token %d has a trajectory at position %d, but is in no top-k there and not named",
                    id,
                    position);
            lastId = id;
        }
        for (int value : ppm) {
            require(
                    value >= 0 && value <= MILLION,
                    "a probability of %s millionths came at position %d",
                    Integer.toUnsignedString(value),
                    position);
        }
        return new TrackedColumns(ids, logProbs, ppm);
    }

    private void closePosition() {
        TrackedColumns position = chunks.size() == 1
                ? chunks.get(0)
                : new TrackedColumns(
                        chunks.stream()
                                .flatMapToInt(chunk -> Arrays.stream(chunk.ids()))
                                .toArray(),
                        joinedLogProbs(),
                        chunks.stream()
                                .flatMapToInt(chunk -> Arrays.stream(chunk.ppm()))
                                .toArray());
        chunks.clear();
        missingRows += union.length - position.ids().length;
        complete.add(position);
    }

    private float[] joinedLogProbs() {
        float[] joined = new float
                [chunks.stream().mapToInt(chunk -> chunk.logProbs().length).sum()];
        int end = 0;
        for (TrackedColumns chunk : chunks) {
            System.arraycopy(chunk.logProbs(), 0, joined, end, chunk.logProbs().length);
            end += chunk.logProbs().length;
        }
        return joined;
    }

    /** Tokens tracked at a position: the top-k of every block, and the named ones. Ascending. */
    private int[] union(int index) {
        int k = info.k();
        IntStream tops = layers.stream()
                .filter(layer -> layer.layer() >= 0)
                .flatMapToInt(layer -> Arrays.stream(layer.topIds(), index * k, index * k + k));
        return IntStream.concat(tops, Arrays.stream(namedIds))
                .sorted()
                .distinct()
                .toArray();
    }
}
