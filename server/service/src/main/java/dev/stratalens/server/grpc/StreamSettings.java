package dev.stratalens.server.grpc;

import java.time.Duration;

/**
 * How results travel.
 *
 * @param bufferBytes results that may wait for the reader in memory, per call, beside what the transport holds
 * @param slowReaderTimeout how long the server waits for a reader that takes nothing while messages wait
 * @param batchWindow prompts of one batch that may be in flight
 * @param compression of large messages, where the client accepts it
 */
public record StreamSettings(int bufferBytes, Duration slowReaderTimeout, int batchWindow, Compression compression) {

    /** Ways to make messages smaller. */
    public enum Compression {
        /** None; the results' numbers hardly get smaller. */
        NONE,
        /** gzip. */
        GZIP
    }
}
