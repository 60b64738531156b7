package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Site;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the trajectory chunks of one lens together: every position in order, in one chunk or more, and only tokens that are
 * tracked at the position. How many rows are missing is known at the end, so that a lost chunk is noticed.
 */
final class TrajectoryAssembler {

    private final List<Integer> positions;
    private final int[] namedIds;
    private final int k;
    private final List<CellCodes> layers;
    private final TrajectoryRows reader;
    private final List<TrackedColumns> complete = new ArrayList<>();
    private @Nullable NavigableMap<Integer, float[]> current;
    private int[] union = {};
    private long missingRows;

    TrajectoryAssembler(HeaderReader head, TrajectoryRows reader, List<CellCodes> layers) {
        this.positions = head.positions();
        this.k = head.header().getTopK();
        this.layers = layers;
        this.reader = reader;
        List<LensTarget> asked = head.request().targets();
        namedIds = IntStream.range(0, asked.size())
                .filter(m -> !asked.get(m).dependsOnPosition())
                .map(m -> head.header().getTargets(m).getTokenIds(0))
                .toArray();
    }

    /** Whether a chunk of every position came. */
    boolean isComplete() {
        return complete.size() + (current == null ? 0 : 1) == positions.size();
    }

    void add(TrajectoryChunk chunk) {
        int index = chunk.getPosition();
        if (current != null && index == complete.size() + 1) {
            closePosition(current);
        }
        require(
                index == complete.size() && index < positions.size(),
                "expected trajectories of position index %d of %d, but index %s came",
                complete.size(),
                positions.size(),
                Integer.toUnsignedString(index));
        if (current == null) {
            union = union(index);
            current = new TreeMap<>();
        }
        reader.read(chunk, union, current);
    }

    /** Closes the last position; gives the number of tracked tokens without trajectory. */
    long finish() {
        if (current != null) {
            closePosition(current);
        }
        require(
                complete.size() == positions.size(),
                "trajectories of %d of %d positions came",
                complete.size(),
                positions.size());
        return missingRows;
    }

    List<TrackedColumns> tracked() {
        return complete;
    }

    private void closePosition(NavigableMap<Integer, float[]> rows) {
        missingRows += union.length - rows.size();
        int size = layers.size();
        float[] values = new float[rows.size() * size];
        int at = 0;
        for (float[] row : rows.values()) {
            System.arraycopy(row, 0, values, at, size);
            at += size;
        }
        complete.add(new TrackedColumns(
                rows.keySet().stream().mapToInt(Integer::intValue).toArray(), values));
        current = null;
    }

    /** Tokens tracked at a position: the top-k of every block, and the named ones. Ascending. */
    private int[] union(int index) {
        IntStream tops = layers.stream()
                .map(CellCodes::columns)
                .filter(layer -> layer.readPoint().site() == Site.BLOCK_OUTPUT)
                .flatMapToInt(layer -> Arrays.stream(layer.ids(), index * k, index * k + k));
        return IntStream.concat(tops, Arrays.stream(namedIds))
                .sorted()
                .distinct()
                .toArray();
    }
}
