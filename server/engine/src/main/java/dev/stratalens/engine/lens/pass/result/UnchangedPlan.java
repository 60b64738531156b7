package dev.stratalens.engine.lens.pass.result;

import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;

/**
 * Passes on the result of a prompt as it is, beside its changed pass. Progress and failures are for the changed plan to tell.
 *
 * @param results the listener of the unchanged result
 */
public record UnchangedPlan(LensListener results) implements LensListener {

    /** The plan of the prompt as it is, beside a plan that asks for the effect of its interventions. */
    public static WantedPlan of(WantedPlan changed, Effect effect) {
        LensPlan plan = changed.plan();
        return new WantedPlan(
                effect.withUnchangedResult() ? plan.unchanged() : plan.unchangedRows(),
                new UnchangedPlan(
                        effect.withUnchangedResult() ? changed.listener().unchanged() : readout -> {}),
                changed.cancellation());
    }

    @Override
    public void targets(FinalTargets targets) {
        results.targets(targets);
    }

    @Override
    public void cells(CellReadout readout) {
        results.cells(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        results.trajectory(trajectory);
    }

    @Override
    public void attribution(AttributedPart part) {
        results.attribution(part);
    }

    @Override
    public void attributed(AttributedLogits logits) {
        results.attributed(logits);
    }

    @Override
    public void completed(LensOutcome outcome) {
        results.completed(outcome);
    }
}
