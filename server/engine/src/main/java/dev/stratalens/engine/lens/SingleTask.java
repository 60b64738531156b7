package dev.stratalens.engine.lens;

import com.google.common.base.Throwables;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.LensTask;
import org.jspecify.annotations.Nullable;

/** A task that remembers how it ended, for callers who wait for it. */
final class SingleTask implements LensTask {

    private final LensPlan plan;
    private final LensListener listener;
    private final Cancellation cancellation;
    private @Nullable LensOutcome outcome;
    private @Nullable Throwable failure;

    SingleTask(LensPlan plan, LensListener listener, Cancellation cancellation) {
        this.plan = plan;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    @Override
    public LensPlan plan() {
        return plan;
    }

    @Override
    public LensListener listener() {
        return listener;
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
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
    LensOutcome result() {
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
