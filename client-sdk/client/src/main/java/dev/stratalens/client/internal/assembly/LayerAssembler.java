package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.v1.CellChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the cell chunks of one lens together: layers in order of depth, each complete before the next. */
final class LayerAssembler {

    private final List<ReadPoint> readPoints;
    /** Those that the lens has, ascending. */
    private final List<Integer> covered;

    private final List<Integer> positions;
    private final CellReader reader;
    private final List<CellCodes> kept = new ArrayList<>();
    private @Nullable CellCodes current;
    private int done;
    private int positionsDone;

    LayerAssembler(HeaderReader head, List<Integer> covered, CellReader reader) {
        this.readPoints = head.readPoints();
        this.covered = covered;
        this.positions = head.positions();
        this.reader = reader;
    }

    boolean isComplete() {
        return done == covered.size();
    }

    /** The layers that are complete and were not let go. */
    List<CellCodes> layers() {
        return kept;
    }

    /** How many layers the lens has. */
    int all() {
        return covered.size();
    }

    /** How many layers are complete. */
    int done() {
        return done;
    }

    /** Lets go of the layers so far. */
    void forget() {
        kept.clear();
    }

    /** What must come next, in words. */
    String expected() {
        return readPoints.get(covered.get(done)) + " from position " + positions.get(positionsDone);
    }

    /** Takes a chunk; gives its layer if that is complete now. */
    @Nullable
    CellCodes add(CellChunk chunk) {
        int point = chunk.getReadPoint();
        require(
                point >= 0 && point < readPoints.size(),
                "a chunk of read point %d of %d came",
                point,
                readPoints.size());
        require(!isComplete(), "a chunk of %s came after the last layer", readPoints.get(point));
        int first = chunk.getFirstPosition();
        int count = chunk.getPositionCount();
        require(
                point == covered.get(done) && first == positionsDone,
                "expected %s, but %s from position index %d came",
                expected(),
                readPoints.get(point),
                first);
        require(
                count >= 1 && count <= positions.size() - first,
                "a chunk of %s has %d positions where %d are left",
                readPoints.get(point),
                count,
                positions.size() - first);
        CellCodes layer = current == null ? reader.allocate(readPoints.get(point)) : current;
        reader.read(chunk, layer);
        positionsDone += count;
        if (positionsDone < positions.size()) {
            current = layer;
            return null;
        }
        kept.add(layer);
        done++;
        current = null;
        positionsDone = 0;
        return layer;
    }
}
