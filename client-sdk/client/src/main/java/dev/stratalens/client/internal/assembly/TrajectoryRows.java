package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.v1.TrajectoryChunk;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the trajectory chunks of one lens: what cell chunks have sent is taken from there. */
final class TrajectoryRows {

    private static final int NOT_SENT = -1;

    private final HeaderReader head;
    private final TargetReader targets;
    private final KnownIds references;
    private final List<CellCodes> layers;

    TrajectoryRows(HeaderReader head, TargetReader targets, KnownIds references, List<CellCodes> layers) {
        this.head = head;
        this.targets = targets;
        this.references = references;
        this.layers = layers;
    }

    /**
     * Adds the tokens of a chunk with their values, one a layer.
     *
     * @param union the tokens that are tracked at the position, ascending
     * @param into those of the position, by id
     */
    void read(TrajectoryChunk chunk, int[] union, Map<Integer, float[]> into) {
        String name = "trajectories of position " + head.positions().get(chunk.getPosition());
        head.texts().add(chunk.getNewTokens());
        int[] ids = ids(chunk, name);
        Map<Integer, Integer> rows = new HashMap<>();
        for (int id : ids) {
            head.texts().get(id);
            require(rows.put(id, rows.size()) == null, "%s: token id %d came twice", name, id);
            require(
                    Arrays.binarySearch(union, id) >= 0,
                    "%s: token %d came, but is in no top-k there and not named",
                    name,
                    id);
        }
        float[] values = new float[Math.multiplyExact(ids.length, layers.size())];
        int[] codes = new int[values.length];
        Arrays.fill(codes, NOT_SENT);
        for (int layer = 0; layer < layers.size(); layer++) {
            takeFromCells(layer, chunk.getPosition(), rows, values, codes);
        }
        readRest(chunk, name, values, codes);
        for (int row = 0; row < ids.length; row++) {
            float[] earlier =
                    into.put(ids[row], Arrays.copyOfRange(values, row * layers.size(), (row + 1) * layers.size()));
            require(
                    earlier == null,
                    "token %d has two trajectories at position %d",
                    ids[row],
                    head.positions().get(chunk.getPosition()));
        }
    }

    private int[] ids(TrajectoryChunk chunk, String name) {
        KnownIds.NewIds newIds = new KnownIds.NewIds(name, chunk.getTokenIdsList());
        int[] ids;
        if (chunk.getAllTokens()) {
            require(chunk.getTokenRefsCount() == 0, "%s: all tokens and references came", name);
            ids = references.all(chunk.getPosition());
        } else {
            ids = new int[chunk.getTokenRefsCount()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = references.resolve(chunk.getPosition(), chunk.getTokenRefs(i), newIds);
            }
        }
        newIds.requireAllTaken();
        return ids;
    }

    private void takeFromCells(int layer, int position, Map<Integer, Integer> rows, float[] values, int[] codes) {
        CellCodes cells = layers.get(layer);
        int k = head.header().getTopK();
        for (int at = position * k; at < (position + 1) * k; at++) {
            Integer row = rows.get(cells.columns().ids()[at]);
            if (row != null) {
                values[row * layers.size() + layer] = cells.columns().logProbs()[at];
                codes[row * layers.size() + layer] = cells.predictions()[at];
            }
        }
        int m = head.header().getTargetsCount();
        for (int target = 0; target < m; target++) {
            OptionalInt id = targets.id(target, position);
            Integer row = id.isPresent() ? rows.get(id.getAsInt()) : null;
            if (row != null) {
                int at = position * m + target;
                values[row * layers.size() + layer] = cells.columns().targetLogProbs()[at];
                codes[row * layers.size() + layer] = cells.targets()[at];
            }
        }
    }

    private void readRest(TrajectoryChunk chunk, String name, float[] values, int[] codes) {
        boolean exact = chunk.getLogProbsCount() > 0;
        int came = exact ? chunk.getLogProbsCount() : chunk.getLogProbCodesCount();
        long missing = Arrays.stream(codes).filter(code -> code == NOT_SENT).count();
        require(came == missing, "%s: %d values came where %d are promised", name, came, missing);
        require(!exact || chunk.getLogProbCodesCount() == 0, "%s: values came as codes and as float32", name);
        require(
                exact || came == 0 || head.header().getNumberForm() == dev.stratalens.v1.NumberForm.NUMBER_FORM_COMPACT,
                "%s: codes came, but float32 was asked for",
                name);
        int next = 0;
        int code = 0;
        for (int i = 0; i < values.length; i++) {
            if (i % layers.size() == 0) {
                code = 0;
            }
            if (codes[i] != NOT_SENT) {
                code = codes[i] >> LogCodes.SHIFT;
            } else if (exact) {
                values[i] = chunk.getLogProbs(next++);
            } else {
                code = LogCodes.TRAJECTORY.add(code, chunk.getLogProbCodes(next++), name);
                values[i] = LogCodes.TRAJECTORY.logProb(code);
            }
        }
    }
}
