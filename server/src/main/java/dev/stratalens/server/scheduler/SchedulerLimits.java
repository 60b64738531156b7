package dev.stratalens.server.scheduler;

/**
 * What one model's queue takes in.
 *
 * @param queueCapacity requests that may wait beside the one that runs, 1 or more; prompts of batches do not count
 * @param maxRequestBytes memory that one request may need beside the weights
 */
public record SchedulerLimits(int queueCapacity, long maxRequestBytes) {

    /** Checks the capacity. */
    public SchedulerLimits {
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("The queue's capacity is %d; give 1 or more.".formatted(queueCapacity));
        }
    }
}
