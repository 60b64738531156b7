package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.time.Duration;

/** The answer would come after the deadline of the call, because others are ahead. */
public final class DeadlineTooShortException extends LensFailure {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final String model;
    private final Duration needed;
    private final Duration left;

    /**
     * @param needed until the answer, as estimated
     * @param left until the deadline
     */
    public DeadlineTooShortException(String model, Duration needed, Duration left) {
        super(
                "With the requests that are ahead, model \"%s\" needs about %.1f seconds to answer, and the deadline is %.1f seconds away. Try again later, or with a later deadline."
                        .formatted(model, seconds(needed), seconds(left)));
        this.model = model;
        this.needed = needed;
        this.left = left;
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toMillis()) / 1000.0;
    }

    public String model() {
        return model;
    }

    public Duration needed() {
        return needed;
    }

    /** Zero or less if the deadline has passed. */
    public Duration left() {
        return left;
    }

    /** Until what is ahead has become so little that as much time would do. */
    public Duration retryAfter() {
        Duration missing = needed.minus(left);
        if (missing.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return missing.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : missing;
    }
}
