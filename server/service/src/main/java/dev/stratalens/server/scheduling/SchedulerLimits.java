package dev.stratalens.server.scheduling;

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
     * tokens than this gain next to nothing, and everybody in the pass would wait for them.
     */
    public static final int DEFAULT_PASS_TOKENS = 256;

    /** Checks the capacity. */
    public SchedulerLimits {
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("The queue's capacity is %d; give 1 or more.".formatted(queueCapacity));
        }
    }

    /** What a pass of several may take. */
    Load pass() {
        return new Load(passTokens, maxRequestBytes);
    }
}
