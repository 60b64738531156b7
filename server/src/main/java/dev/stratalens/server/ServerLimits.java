package dev.stratalens.server;

import java.time.Duration;

/**
 * What the server grants.
 *
 * @param maxRequestBytes memory that one request may need beside the weights
 * @param queueCapacity requests that may wait for a model
 * @param outboundBufferBytes results of one call that may wait for its reader in memory
 * @param slowReaderTimeout how long a reader may take nothing while its results wait
 * @param gracePeriod how long running calls may go on once the server is told to stop
 */
public record ServerLimits(
        long maxRequestBytes,
        int queueCapacity,
        int outboundBufferBytes,
        Duration slowReaderTimeout,
        Duration gracePeriod) {

    /** 2 GiB a request, 64 waiting, 4 MiB ahead of a reader, 30 seconds for it, 10 seconds of grace. */
    public static ServerLimits defaults() {
        return new ServerLimits(2L << 30, 64, 4 << 20, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}
