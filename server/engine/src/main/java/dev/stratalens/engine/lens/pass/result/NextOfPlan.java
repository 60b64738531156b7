package dev.stratalens.engine.lens.pass.result;

import dev.stratalens.engine.lens.kernel.RowReadout;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Continuation;
import dev.stratalens.engine.lens.result.NextToken;
import dev.stratalens.engine.lens.result.WantedPlan;
import java.util.Optional;
import java.util.function.Supplier;

/** The token after the last one of a plan, found from the model's own output there. */
public final class NextOfPlan {

    private static final int UNKNOWN = -1;

    private final LensPlan plan;
    private final Optional<NextToken> wanted;
    private int id;
    private float logProbability;

    NextOfPlan(WantedPlan wanted) {
        this.plan = wanted.plan();
        this.wanted = wanted.continuation().flatMap(Continuation::next);
        this.id = this.wanted.orElse(null) instanceof NextToken.Given given ? given.id() : UNKNOWN;
    }

    /** Whether it is to be found. */
    public boolean isWanted() {
        return wanted.isPresent();
    }

    /** Whether its logit has to be followed, because it is given. */
    public boolean isGiven() {
        return wanted.orElse(null) instanceof NextToken.Given;
    }

    /** Whether all logits of the last row are needed to find it. */
    public boolean isDrawn() {
        return wanted.orElse(null) instanceof NextToken.Drawn;
    }

    /** Whether targets of other cells wait for it. */
    public boolean decidesTargets() {
        return isWanted()
                && !isGiven()
                && (plan.statistics().contains(Statistic.CROSS_ENTROPY)
                        || plan.targets().stream()
                                .anyMatch(target -> target.target() instanceof RequestedTarget.NextToken));
    }

    /** Id of the token after that of a position; -1 if there is none, or none is known yet. */
    public int after(int position) {
        int last = plan.tokenIds().length - 1;
        return plan.positions()[position] == last ? id : plan.nextTokenId(position);
    }

    /** Its id, once it is found. */
    public int id() {
        return id;
    }

    /** Its log-probability, once it is found. */
    public float logProbability() {
        return logProbability;
    }

    /**
     * Finds it.
     *
     * @param output the model's own output, whose last row is complete but for what depends on the token
     * @param targetIds of the plan, [p * m]
     * @param row of the last position in the readout
     * @param logits all logits of that row
     */
    public void find(CellReadout output, int[] targetIds, RowReadout readout, int row, Supplier<float[]> logits) {
        int last = plan.positions().length - 1;
        NextToken how = wanted.orElseThrow();
        if (how instanceof NextToken.Given) {
            int perRow = readout.targetRanks().length / readout.logSumExps().length;
            logProbability =
                    readout.targetLogits()[row * perRow + plan.targets().size()] - readout.logSumExps()[row];
            return;
        }
        int rank = 1;
        if (how instanceof NextToken.Drawn drawn) {
            float[] all = logits.get();
            id = drawn.draw().applyAsInt(all);
            logProbability = all[id] - output.logSumExps()[last];
            rank += above(all, all[id]);
        } else {
            id = readout.topIds()[row * readout.kept()];
            logProbability = readout.topLogits()[row * readout.kept()] - readout.logSumExps()[row];
        }
        for (int i = 0; i < plan.targets().size(); i++) {
            if (plan.targets().get(i).target() instanceof RequestedTarget.NextToken) {
                int target = last * plan.targets().size() + i;
                targetIds[target] = id;
                output.targetRanks()[target] = rank;
                output.targetLogProbs()[target] = logProbability;
            }
        }
        output.columns().set(Statistic.CROSS_ENTROPY, last, Math.max(0, -logProbability));
    }

    private static int above(float[] logits, float logit) {
        int count = 0;
        for (float other : logits) {
            count += other > logit ? 1 : 0;
        }
        return count;
    }
}
