package dev.stratalens.client.internal;

import java.time.Duration;

/** Between the wire's durations and Java's. */
final class Durations {

    private Durations() {}

    static Duration read(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static com.google.protobuf.Duration write(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
