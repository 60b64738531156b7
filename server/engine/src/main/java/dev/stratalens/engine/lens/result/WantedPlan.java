package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import java.util.Optional;

/**
 * A plan of a pass with its listener.
 *
 * @param plan what to compute
 * @param listener receives the result on the computing thread; if it throws, only this plan fails
 * @param cancellation tells whether the result is still wanted
 * @param continuation what its tokens continue; empty for a whole prompt
 */
public record WantedPlan(
        LensPlan plan, LensListener listener, Cancellation cancellation, Optional<Continuation> continuation) {

    /** A plan for a whole prompt. */
    public WantedPlan(LensPlan plan, LensListener listener, Cancellation cancellation) {
        this(plan, listener, cancellation, Optional.empty());
    }
}
