package dev.stratalens.client.internal.message;

import java.time.Duration;

/** Between the wire's durations and Java's. */
public final class WireDuration {

    /** The longest that the wire's type may hold, 10,000 years; a message can say more. */
    private static final long MAX_SECONDS = 315_576_000_000L;

    private WireDuration() {}

    /** A duration; one that is too long for the wire's type is its longest. */
    public static Duration read(com.google.protobuf.Duration duration) {
        long seconds = Math.max(-MAX_SECONDS, Math.min(MAX_SECONDS, duration.getSeconds()));
        return Duration.ofSeconds(seconds, duration.getNanos());
    }

    public static com.google.protobuf.Duration write(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
