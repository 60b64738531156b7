package dev.stratalens.server.grpc.message;

import com.google.protobuf.Duration;

/** Times as messages. */
public final class DurationMessages {

    private DurationMessages() {}

    public static Duration message(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
