package dev.stratalens.server.lens;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A task that keeps what it is told, and leaves its pass early if it is told to. */
final class RecordingTask implements LensTask {

    final RecordingListener results = new Listener();
    private final LensPlan plan;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private int lastBlock = Integer.MAX_VALUE;
    private @Nullable RuntimeException atTargets;
    private @Nullable LensOutcome outcome;
    private @Nullable Throwable failure;

    RecordingTask(LensPlan plan) {
        this.plan = plan;
    }

    /** Is cancelled when so many blocks are done. */
    void cancelAfterBlock(int blocks) {
        lastBlock = blocks;
    }

    /** Throws when the targets come. */
    void failAtTargets(RuntimeException fault) {
        atTargets = fault;
    }

    LensOutcome outcome() {
        if (outcome == null || failure != null) {
            throw new AssertionError("not completed", failure);
        }
        return outcome;
    }

    Throwable failure() {
        if (failure == null || outcome != null) {
            throw new AssertionError("not failed");
        }
        return failure;
    }

    @Override
    public LensPlan plan() {
        return plan;
    }

    @Override
    public LensListener listener() {
        return results;
    }

    @Override
    public Cancellation cancellation() {
        return cancelled::get;
    }

    @Override
    public void completed(LensOutcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public void failed(Throwable failure) {
        this.failure = failure;
    }

    private final class Listener extends RecordingListener {

        @Override
        public void forwardProgress(int done, int total) {
            super.forwardProgress(done, total);
            cancelled.set(done >= lastBlock);
        }

        @Override
        public void targets(FinalTargets targets) {
            if (atTargets != null) {
                throw atTargets;
            }
            super.targets(targets);
        }
    }
}
