package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.RequestedTarget.FinalTop;
import dev.stratalens.engine.lens.plan.RequestedTarget.NextToken;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import java.util.Arrays;

/** Vocabulary ids of a plan's targets, [p * m] row-major. */
final class TargetIds {

    private TargetIds() {}

    /** Ids of the targets that are known from the prompt; -1 for the others. */
    static int[] known(LensPlan plan) {
        int perPosition = plan.targets().size();
        var ids = new int[plan.positions().length * perPosition];
        for (int i = 0; i < ids.length; i++) {
            PlannedTarget target = plan.targets().get(i % perPosition);
            int next = plan.positions()[i / perPosition] + 1;
            if (target.target() instanceof NextToken) {
                ids[i] = next < plan.tokenIds().length ? plan.tokenIds()[next] : -1;
            } else {
                ids[i] = target.target() instanceof FinalTop
                        ? -1
                        : target.tokenIds().get(0);
            }
        }
        return ids;
    }

    /**
     * Fills in what only the model's own output tells. Its own top-1 has rank 1 there.
     *
     * @param ids as known before; changed
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
