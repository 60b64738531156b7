package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.time.Duration;

/** Where the server's time went. */
@AutoValue
public abstract class Timings {

    Timings() {}

    /** Starts timings; each must be set. */
    public static Builder builder() {
        return new AutoValue_Timings.Builder();
    }

    /** Time in the queue. */
    public abstract Duration queued();

    /** Time of the forward pass. */
    public abstract Duration forward();

    /** Time of the lens. */
    public abstract Duration lens();

    /** Collects the values; each method sets what {@link Timings} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder queued(Duration time);

        public abstract Builder forward(Duration time);

        public abstract Builder lens(Duration time);

        public abstract Timings build();
    }
}
