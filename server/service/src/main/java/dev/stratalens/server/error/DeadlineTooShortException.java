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
        super("With the requests that are ahead, model \"" + model + "\" needs about " + seconds(needed)
                + " seconds to answer, and the deadline is " + seconds(left)
                + " seconds away. Try again later, or with a later deadline.");
        this.model = model;
        this.needed = needed;
        this.left = left;
    }

    /** Without a formatter, which would take as long as the rest of a refusal: there may be thousands a second. */
    private static String seconds(Duration time) {
        long tenths = (Math.max(0, time.toMillis()) + 50) / 100;
        return tenths / 10 + "." + tenths % 10;
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
