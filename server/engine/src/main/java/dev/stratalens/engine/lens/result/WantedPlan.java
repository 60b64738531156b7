package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.plan.LensPlan;

/**
 * A plan of a pass with its listener.
 *
 * @param plan what to compute
 * @param listener receives the result on the computing thread; if it throws, only this plan fails
 * @param cancellation tells whether the result is still wanted
 */
public record WantedPlan(LensPlan plan, LensListener listener, Cancellation cancellation) {}
