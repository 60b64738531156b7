package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;

/**
 * One plan of a pass, and who wants it. Called on the computing thread. Ends with exactly one of {@link #completed} and
 * {@link #failed}, whatever becomes of the others in the pass.
 */
public interface LensTask {

    /** What to compute. */
    LensPlan plan();

    /** Receives the results. An exception that it throws ends this task with that failure, and no other. */
    LensListener listener();

    /** Whether the results are still wanted. */
    Cancellation cancellation();

    /** The plan is done; all results were handed over. */
    void completed(LensOutcome outcome);

    /** The plan ended without a complete result. */
    void failed(Throwable failure);
}
