package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;

/** Which targets of a cell have a number of their own, and where the others have theirs. */
final class CellTargets {

    private final int topK;
    private final int count;
    private final int[] ids;

    /** @param ids of the stream, [p * m]; negative where there is none */
    CellTargets(LensPlan plan, int[] ids) {
        this.topK = plan.topK();
        this.count = plan.targets().size();
        this.ids = ids;
    }

    /** Targets of a cell, m. */
    int count() {
        return count;
    }

    /** Whether the position has the target. */
    boolean exists(int position, int target) {
        return ids[position * count + target] >= 0;
    }

    /** The rank among the cell's predictions, from 0; -1 if it is not among them. */
    int prediction(CellReadout cells, int position, int target) {
        for (int i = 0; i < topK; i++) {
            if (cells.topIds()[position * topK + i] == ids[position * count + target]) {
                return i;
            }
        }
        return -1;
    }

    /** The earlier target of the cell that is the same token; -1 if there is none. */
    int twin(int position, int target) {
        for (int i = 0; i < target; i++) {
            if (ids[position * count + i] == ids[position * count + target]) {
                return i;
            }
        }
        return -1;
    }
}
