package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.WantedPlan;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A plan whose results are kept, and which leaves its pass early if it is told to. */
public final class RecordingPlan {

    public final RecordingListener results = new Listener();
    private final LensPlan plan;
    private final AtomicBoolean canceled = new AtomicBoolean();
    private int lastBlock = Integer.MAX_VALUE;
    private @Nullable RuntimeException atTargets;
    private @Nullable LensOutcome outcome;
    private @Nullable Throwable failure;

    public RecordingPlan(LensPlan plan) {
        this.plan = plan;
    }

    /** Is canceled when so many blocks are done. */
    public void cancelAfterBlock(int blocks) {
        lastBlock = blocks;
    }

    /** Throws when the targets come. */
    public void failAtTargets(RuntimeException fault) {
        atTargets = fault;
    }

    public LensOutcome outcome() {
        if (outcome == null || failure != null) {
            throw new AssertionError("not completed", failure);
        }
        return outcome;
    }

    public Throwable failure() {
        if (failure == null || outcome != null) {
            throw new AssertionError("not failed");
        }
        return failure;
    }

    /** The plan, wanted by this. */
    public WantedPlan wanted() {
        return new WantedPlan(plan, results, canceled::get);
    }

    private final class Listener extends RecordingListener {

        @Override
        public void progress(Phase phase, long done, long total) {
            super.progress(phase, done, total);
            if (phase == Phase.FORWARD) {
                canceled.set(done >= lastBlock);
            }
        }

        @Override
        public void targets(FinalTargets targets) {
            if (atTargets != null) {
                throw atTargets;
            }
            super.targets(targets);
        }

        @Override
        public void completed(LensOutcome ended) {
            outcome = ended;
        }

        @Override
        public void failed(Throwable reason) {
            failure = reason;
        }
    }
}
