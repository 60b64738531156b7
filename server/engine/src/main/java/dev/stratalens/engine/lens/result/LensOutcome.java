package dev.stratalens.engine.lens.result;

import java.time.Duration;

/**
 * The outcome of a plan.
 *
 * @param selfCheck the self-check of the last block's logits
 * @param forward time in the forward pass
 * @param lens time in the lens
 * @param omittedRows number of trajectories left out because of the plan's minimum peak
 */
public record LensOutcome(SelfCheck selfCheck, Duration forward, Duration lens, long omittedRows) {}
