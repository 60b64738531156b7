package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.lens.request.RequestedLens;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where one lens of a plan reads.
 *
 * @param readPoints indices into the plan's read points, ascending, 1 or more: the lens has no cells at the others
 * @param isModelAtTheEnd whether the lens decodes the last block as the model itself does, so that its cells there are the model's
 *     own output
 */
public record LensCoverage(List<Integer> readPoints, boolean isModelAtTheEnd) {

    /** Copies the list. */
    public LensCoverage {
        readPoints = List.copyOf(readPoints);
    }

    /** Of a lens that reads everywhere. */
    static LensCoverage everywhere(RequestedLens lens, int readPoints) {
        return new LensCoverage(IntStream.range(0, readPoints).boxed().toList(), lens instanceof RequestedLens.Logit);
    }

    /** Whether the lens has cells at a read point. */
    public boolean has(int readPoint) {
        return Collections.binarySearch(readPoints, readPoint) >= 0;
    }

    /** The read point that the lens has before one that it has; -1 if there is none. */
    public int before(int readPoint) {
        int place = Collections.binarySearch(readPoints, readPoint);
        return place > 0 ? readPoints.get(place - 1) : -1;
    }

    /** The last read point that the lens has. */
    public int last() {
        return readPoints.get(readPoints.size() - 1);
    }
}
