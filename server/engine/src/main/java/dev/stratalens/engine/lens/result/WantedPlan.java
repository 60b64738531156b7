package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;

/**
 * A plan of a pass, and who wants its result.
 *
 * @param plan what to compute
 * @param listener receives the result on the computing thread; what it throws fails this plan and no other
 * @param cancellation whether the result is still wanted
 */
public record WantedPlan(LensPlan plan, LensListener listener, Cancellation cancellation) {}
