package dev.stratalens.client.internal.argument;

import java.time.Duration;

/** Durations that can be waited for. */
public final class PositiveTime {

    private PositiveTime() {}

    /** The duration, if it is more than none. */
    public static Duration require(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + " is not positive");
        }
        return timeout;
    }
}
