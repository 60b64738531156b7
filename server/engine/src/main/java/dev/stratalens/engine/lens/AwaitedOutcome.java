package dev.stratalens.engine.lens;

import com.google.common.base.Throwables;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A listener that keeps the outcome of a plan for a waiting caller, and passes on everything else. */
final class AwaitedOutcome implements LensListener {

    private final LensListener results;
    private @Nullable LensOutcome outcome;
    private @Nullable Throwable failure;

    AwaitedOutcome(LensListener results) {
        this.results = results;
    }

    @Override
    public void progress(Phase phase, long done, long total) {
        results.progress(phase, done, total);
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
    public void next(FoundToken token) {
        results.next(token);
    }

    @Override
    public void effect(MeasuredEffect effect) {
        results.effect(effect);
    }

    @Override
    public LensListener unchanged() {
        return results.unchanged();
    }

    @Override
    public void sweepBegins(double unchanged, OptionalDouble source) {
        results.sweepBegins(unchanged, source);
    }

    @Override
    public void sweepCells(long first, float[] values) {
        results.sweepCells(first, values);
    }

    @Override
    public void completed(LensOutcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public void failed(Throwable failure) {
        this.failure = failure;
    }

    /** The outcome, or the failure thrown. */
    LensOutcome get() {
        if (failure != null) {
            Throwables.throwIfUnchecked(failure);
            throw new IllegalStateException(failure);
        }
        if (outcome == null) {
            throw new IllegalStateException("the pass ended without an outcome");
        }
        return outcome;
    }
}
