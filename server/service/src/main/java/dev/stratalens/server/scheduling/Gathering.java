package dev.stratalens.server.scheduling;

import java.time.Duration;

/**
 * How long a queue holds its next pass back for the callers of the last one. Callers that each send their next prompt once
 * they have the last answer come back a moment after their pass has ended. Were the next pass to begin with the first of
 * them, the others would be left to the pass after it, and from then on they would come in two groups by turns, which
 * costs reading the weights twice. So a pass waits until as many requests are there as were while the last one ran, or a
 * hundredth of its time is over: that much may be lost if they do not come.
 *
 * <p>A single caller never waits: no other was there. Not thread-safe.
 */
final class Gathering {

    private static final int PASS_FRACTION = 100;
    private static final Duration LIMIT = Duration.ofMillis(5);

    private int expected;
    private long began;
    private long deadline;

    /**
     * A pass begins.
     *
     * @param present requests that wait or run
     */
    void passBegins(int present, long nanoTime) {
        began = nanoTime;
        expected = present;
    }

    /**
     * A request came.
     *
     * @param present requests that wait or run now
     */
    void requestCame(int present) {
        expected = Math.max(expected, present);
    }

    /** The pass is over. */
    void passEnds(long nanoTime) {
        deadline = nanoTime + Math.min((nanoTime - began) / PASS_FRACTION, LIMIT.toNanos());
    }

    /** How long the next pass should still be delayed, in nanoseconds, while this number of requests waits; 0 or less if it should begin. */
    long nanosLeft(int waiting, long nanoTime) {
        return waiting >= expected ? 0 : deadline - nanoTime;
    }
}
