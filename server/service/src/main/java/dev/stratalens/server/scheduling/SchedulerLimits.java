package dev.stratalens.server.scheduling;

import dev.stratalens.server.scheduling.compute.Load;

/**
 * What one model's queue takes in, and what one pass.
 *
 * @param queueCapacity requests that may wait beside those that run, 1 or more; prompts of batches do not count
 * @param maxRequestBytes memory that one request, or all those of a pass together, may need in addition to the weights
 * @param passTokens tokens of a pass of several requests; a longer one runs alone
 */
public record SchedulerLimits(int queueCapacity, long maxRequestBytes, int passTokens) {

    /**
     * Reading the weights is what a pass shares, and it is hidden behind the arithmetic from a few dozen tokens on: more
     * tokens than this gain next to nothing, and all callers in the pass would wait for them.
     */
    public static final int DEFAULT_PASS_TOKENS = 256;

    /** Checks the capacity. */
    public SchedulerLimits {
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("The queue's capacity is %d; give 1 or more.".formatted(queueCapacity));
        }
    }

    /** Passes of one card that make one pass of several cards: four prompts of twice the length, for example. */
    private static final int PASSES_ON_THE_WAY = 8;

    /**
     * What a pass of several may take. On several cards, prompts go one after another, so that each card has work; in passes
     * of one prompt, all cards but one would wait.
     *
     * @param cards of the model; 0 on the processor
     */
    Load pass(int cards) {
        return new Load(cards > 1 ? passTokens * PASSES_ON_THE_WAY : passTokens, maxRequestBytes);
    }
}
