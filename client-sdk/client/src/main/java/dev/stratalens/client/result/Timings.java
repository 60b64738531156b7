package dev.stratalens.client.result;

import java.time.Duration;
import java.util.Objects;

/**
 * Where the server's time went.
 *
 * @param queued waiting
 * @param forward forward pass
 * @param lens lens
 */
public record Timings(Duration queued, Duration forward, Duration lens) {

    /** Checks that nothing is missing. */
    public Timings {
        Objects.requireNonNull(queued, "queued");
        Objects.requireNonNull(forward, "forward");
        Objects.requireNonNull(lens, "lens");
    }
}
