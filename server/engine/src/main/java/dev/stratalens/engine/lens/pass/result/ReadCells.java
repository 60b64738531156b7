package dev.stratalens.engine.lens.pass.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import java.util.List;
import java.util.function.IntConsumer;

/** Which cells of a plan were read, and which of its readouts, a read point at a time, were passed on. */
final class ReadCells {

    private final LensPlan plan;
    /** Positions that were read, by lens and read point. */
    private final int[][] read;

    /** Read points of each lens, from the first on, whose cells were all read. */
    private final int[] complete;

    private final int[] passedOn;

    ReadCells(LensPlan plan) {
        int lenses = plan.lenses().size();
        this.plan = plan;
        this.read = new int[lenses][plan.readPoints().size()];
        this.complete = new int[lenses];
        this.passedOn = new int[lenses];
    }

    /** One more was read, and is complete except for its divergence from the next read point. */
    void add(int lens, int readPoint) {
        read[lens][readPoint]++;
        List<Integer> points = points(lens);
        while (complete[lens] < points.size() && read[lens][points.get(complete[lens])] == plan.positions().length) {
            complete[lens]++;
        }
    }

    /** Number of read points of a lens, from the first on, whose cells were all read. */
    int complete(int lens) {
        return complete[lens];
    }

    /**
     * Passes on those readouts of a lens that were not passed on.
     *
     * @param ready number of read points that may be, from the first on
     * @param readout takes the index of each
     */
    void passOn(int lens, int ready, IntConsumer readout) {
        for (; passedOn[lens] < ready; passedOn[lens]++) {
            readout.accept(points(lens).get(passedOn[lens]));
        }
    }

    private List<Integer> points(int lens) {
        return plan.coverage().get(lens).readPoints();
    }
}
