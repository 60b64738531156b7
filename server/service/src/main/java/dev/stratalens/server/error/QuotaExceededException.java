package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.time.Duration;
import java.util.Optional;

/** A caller has used up one of its limits, or asks for more than that. */
public final class QuotaExceededException extends LensFailure {

    /** What is limited. */
    public enum Limit {
        REQUESTS_PER_MINUTE("requests a minute"),
        TOKENS_PER_MINUTE("tokens a minute"),
        IN_FLIGHT("prompts in flight"),
        QUEUE_SHARE("requests that wait for one model"),
        PROMPT_TOKENS("tokens in a prompt"),
        ANSWER_CELLS("cells in an answer");

        private final String unit;

        Limit(String unit) {
            this.unit = unit;
        }
    }

    /** Until something is likely to have ended. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Limit limit;
    private final long value;
    private final Optional<Duration> retryAfter;

    private QuotaExceededException(String message, Limit limit, long value, Optional<Duration> retryAfter) {
        super(message);
        this.limit = limit;
        this.value = value;
        this.retryAfter = retryAfter;
    }

    /** The limit allows this again after a while. */
    public static QuotaExceededException later(Limit limit, long value, Duration retryAfter) {
        return new QuotaExceededException(
                "You have used up your limit of %,d %s. Try again in %.1f seconds."
                        .formatted(value, limit.unit, retryAfter.toMillis() / 1000.0),
                limit,
                value,
                Optional.of(retryAfter));
    }

    /** The limit allows this again once something else has ended. */
    public static QuotaExceededException soon(Limit limit, long value) {
        return later(limit, value, SOON);
    }

    /** The limit never allows this. */
    public static QuotaExceededException never(Limit limit, long value, long needed) {
        return new QuotaExceededException(
                "This needs %,d and your limit is %,d %s. Ask for less.".formatted(needed, value, limit.unit),
                limit,
                value,
                Optional.empty());
    }

    public Limit limit() {
        return limit;
    }

    /** What the limit allows, in its unit. */
    public long value() {
        return value;
    }

    /** When to try again; empty where that cannot help. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
