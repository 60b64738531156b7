package dev.stratalens.client.internal.message;

import java.time.Duration;

/** Between the wire's durations and Java's. */
public final class WireDuration {

    private WireDuration() {}

    public static Duration read(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    public static com.google.protobuf.Duration write(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
