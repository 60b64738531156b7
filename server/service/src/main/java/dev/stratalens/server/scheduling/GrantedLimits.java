package dev.stratalens.server.scheduling;

import dev.stratalens.server.models.ModelRegistry;
import java.time.Duration;

/**
 * What the server grants.
 *
 * @param memoryBudgetBytes memory that the weights of all models may take together
 * @param maxRequestBytes memory that one request may need in addition to the weights
 * @param queueCapacity requests that may wait for a model, not counting the prompts of batches
 * @param batchWindow prompts of one batch that may be in flight, 1 or more
 * @param outboundBufferBytes results of one call that may wait for its reader in memory
 * @param slowReaderTimeout how long a reader may take nothing while its results wait
 * @param gracePeriod how long running calls may go on once the server is told to stop
 */
public record GrantedLimits(
        long memoryBudgetBytes,
        long maxRequestBytes,
        int queueCapacity,
        int batchWindow,
        int outboundBufferBytes,
        Duration slowReaderTimeout,
        Duration gracePeriod) {

    /** Checks the window. */
    public GrantedLimits {
        if (batchWindow < 1) {
            throw new IllegalArgumentException("The window of a batch is %d; give 1 or more.".formatted(batchWindow));
        }
    }

    /** Those of the scheduler. */
    public SchedulerLimits ofScheduler() {
        return new SchedulerLimits(queueCapacity, maxRequestBytes, SchedulerLimits.DEFAULT_PASS_TOKENS);
    }

    /** Any number of models, 2 GiB a request, 64 waiting, 32 of a batch, 4 MiB ahead of a reader, 30 seconds for it, 10 seconds of grace. */
    public static GrantedLimits defaults() {
        return new GrantedLimits(
                ModelRegistry.UNBOUNDED, 2L << 30, 64, 32, 4 << 20, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}
