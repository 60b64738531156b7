package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.request.Trajectories;
import java.util.Optional;

/** What is known of a result at its end. */
@AutoValue
public abstract class ResultSummary {

    ResultSummary() {}

    /** Starts a summary without further facts, as for a file that has none. */
    public static Builder builder() {
        return new AutoValue_ResultSummary.Builder().omittedTrajectories(0).reservedBytes(0);
    }

    /** The server's check of its own arithmetic; empty where the result was read from a file that has none. */
    public abstract Optional<SelfCheck> selfCheck();

    /** Where the server's time went; empty where the result was read from a file that does not say. */
    public abstract Optional<Timings> timings();

    /** How much each part of the model writes toward the targets; empty if it was not asked for. */
    public abstract Optional<Attribution> attribution();

    /** What the interventions did; empty if that was not asked for. */
    public abstract Optional<InterventionEffect> effect();

    /** The result of the pass without interventions; empty if it was not asked for. */
    public abstract Optional<LensResult> unchanged();

    /** Tracked tokens that were left out because of {@link Trajectories#minimumPeak()}, summed over the positions. */
    public abstract long omittedTrajectories();

    /** Memory that the server reserved for the request. */
    public abstract long reservedBytes();

    /** Collects the values; each method sets what {@link ResultSummary} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder selfCheck(SelfCheck check);

        public abstract Builder timings(Optional<Timings> timings);

        public abstract Builder attribution(Optional<Attribution> attribution);

        public abstract Builder effect(Optional<InterventionEffect> effect);

        public abstract Builder unchanged(Optional<LensResult> unchanged);

        public abstract Builder omittedTrajectories(long tokens);

        public abstract Builder reservedBytes(long bytes);

        public abstract ResultSummary build();
    }
}
