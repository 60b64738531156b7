package dev.stratalens.engine.lens.pass.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.request.RequestedTarget.FinalTop;
import dev.stratalens.engine.lens.request.RequestedTarget.NextToken;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import java.util.Arrays;

/** Computes the vocabulary ids of a plan's targets, [p * m] row-major. */
final class TargetIds {

    private TargetIds() {}

    /** Ids of the targets that are determined before the output is known; -1 for the others. */
    static int[] known(LensPlan plan, NextOfPlan next) {
        int perPosition = plan.targets().size();
        var ids = new int[plan.positions().length * perPosition];
        for (int i = 0; i < ids.length; i++) {
            PlannedTarget target = plan.targets().get(i % perPosition);
            if (target.target() instanceof NextToken) {
                ids[i] = next.after(i / perPosition);
            } else {
                ids[i] = target.target() instanceof FinalTop
                        ? -1
                        : target.tokenIds().get(0);
            }
        }
        return ids;
    }

    /**
     * Fills in the targets that depend on the model's own output. Its own best token has rank 1 there.
     *
     * @param ids known ids; changed
     * @param output the model's own output; changed
     */
    static FinalTargets withFinalTop(LensPlan plan, int[] ids, CellReadout output) {
        int topK = plan.topK();
        int perPosition = plan.targets().size();
        for (int i = 0; i < ids.length; i++) {
            if (plan.targets().get(i % perPosition).target() instanceof FinalTop) {
                int best = i / perPosition * topK;
                ids[i] = output.topIds()[best];
                output.targetRanks()[i] = 1;
                output.targetLogProbs()[i] = output.topLogProbs()[best];
            }
        }
        int positions = plan.positions().length;
        var topIds = new int[positions];
        var topLogProbs = new float[positions];
        Arrays.setAll(topIds, j -> output.topIds()[j * topK]);
        for (int j = 0; j < positions; j++) {
            topLogProbs[j] = output.topLogProbs()[j * topK];
        }
        return new FinalTargets(topIds, topLogProbs, ids);
    }
}
