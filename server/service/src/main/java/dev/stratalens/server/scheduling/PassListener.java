package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.Load;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the passes of one request: tells its caller what they find, takes the tokens of a generation, and knows how much of the
 * current one is done. Only of the computing thread.
 */
final class PassListener implements LensListener {

    private final RequestListener caller;
    private final Admission admission;
    private final Consumer<LensOutcome> end;
    private final Consumer<Throwable> failure;
    private @Nullable RequestGrant granted;
    private @Nullable LensPlan running;
    private boolean readsPrompt;
    private Phase phase = Phase.FORWARD;
    private long done;
    private long total;

    /**
     * @param admission counts generated tokens
     * @param end told after the last pass
     * @param failure told what a pass or the caller's listener throws
     */
    PassListener(RequestListener caller, Admission admission, Consumer<LensOutcome> end, Consumer<Throwable> failure) {
        this.caller = caller;
        this.admission = admission;
        this.end = end;
        this.failure = failure;
    }

    /** The next pass begins. Gives whether it is the one that reads the prompt. */
    boolean begins(RequestGrant next) {
        granted = next;
        running = next.plan();
        readsPrompt = !next.hasBegun();
        next.turns().ifPresent(GenerationTurns::begin);
        return readsPrompt;
    }

    /** The part of {@link Load#work} that is done in the current pass of a request. */
    long workDone(RequestGrant current) {
        LensPlan plan = running == null ? current.plan() : running;
        long ofBlocks = current.blockWork(plan);
        long ofCells = RequestGrant.cellWork(plan);
        return phase == Phase.FORWARD ? share(ofBlocks) : ofBlocks + share(ofCells);
    }

    private long share(long work) {
        return total == 0 ? 0 : (long) (work * ((double) done / total));
    }

    /** Tells how far the pass is, again. */
    void tellProgress() {
        caller.progress(phase, done, total);
    }

    @Override
    public void progress(Phase now, long units, long all) {
        phase = now;
        done = units;
        total = all;
        // That of a prompt: each token after it is a sign of progress itself.
        if (readsPrompt) {
            tellProgress();
        }
    }

    @Override
    public void targets(FinalTargets targets) {
        caller.targets(targets);
    }

    @Override
    public void cells(CellReadout readout) {
        caller.cells(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        caller.trajectory(trajectory);
    }

    @Override
    public void attribution(AttributedPart part) {
        caller.attribution(part);
    }

    @Override
    public void attributed(AttributedLogits logits) {
        caller.attributed(logits);
    }

    @Override
    public void next(FoundToken found) {
        GenerationTurns turns = turns().orElseThrow();
        NewToken token = turns.take(found);
        admission.generated();
        caller.generated(token, turns.plan(), turns.isAtLastPass());
    }

    @Override
    public void effect(MeasuredEffect effect) {
        caller.effect(effect);
    }

    @Override
    public LensListener unchanged() {
        return caller.unchanged();
    }

    @Override
    public void sweepBegins(double unchanged, OptionalDouble source) {
        caller.sweepBegins(unchanged, source);
    }

    @Override
    public void sweepCells(long first, float[] values) {
        caller.sweepCells(first, values);
    }

    // Throwable: what the caller's listener throws fails this request, not the pass.
    @Override
    public void completed(LensOutcome outcome) {
        try {
            Optional<GenerationTurns> turns = turns();
            LensOutcome all = turns.map(some -> some.plus(outcome)).orElse(outcome);
            if (turns.isPresent()) {
                if (turns.get().goesOn()) {
                    return;
                }
                caller.generationEnded(turns.get().end());
            }
            end.accept(all);
        } catch (Throwable thrown) {
            failure.accept(thrown);
        }
    }

    @Override
    public void failed(Throwable reason) {
        failure.accept(reason);
    }

    private Optional<GenerationTurns> turns() {
        return requireNonNull(granted).turns();
    }
}
