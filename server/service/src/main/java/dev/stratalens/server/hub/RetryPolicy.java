package dev.stratalens.server.hub;

import java.time.Duration;

/**
 * How often and when a request is tried again.
 *
 * @param attempts in all, 1 or more
 * @param firstWait before the second attempt; each later one waits twice as long
 * @param longestWait a hub that asks for more patience is not waited for
 * @param stall a body that brings nothing for so long is given up, to be resumed
 */
record RetryPolicy(int attempts, Duration firstWait, Duration longestWait, Duration stall) {

    /** For people: gives up after about half a minute of silence or refusals, two minutes if asked to wait. */
    static RetryPolicy standard() {
        return new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofSeconds(30));
    }

    /** @param failed attempts that failed, 1 or more */
    Duration waitAfter(int failed) {
        return firstWait.multipliedBy(1L << Math.min(failed - 1, 10));
    }
}
