package dev.stratalens.server.grpc;

import java.time.Duration;

/**
 * How results travel.
 *
 * @param bufferBytes results that may wait in memory for the reader of one call, beside what the transport holds; more
 *     may where the calls together leave room
 * @param totalBytes results that may wait for the readers of all calls
 * @param slowReaderTimeout how long the reader of a call may stay away in all while messages wait
 * @param compression of large messages, where the client accepts it
 */
public record StreamSettings(long bufferBytes, long totalBytes, Duration slowReaderTimeout, Compression compression) {

    /** Ways to make messages smaller. */
    public enum Compression {
        /** None; the results' numbers hardly get smaller. */
        NONE,
        /** gzip. */
        GZIP
    }
}
