package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Limits of requests and of a server. Empty where none is set. */
@AutoValue
public abstract class ServerLimits {

    ServerLimits() {}

    /** Starts limits; those that every server has must be set. */
    public static Builder builder() {
        return new AutoValue_ServerLimits.Builder();
    }

    /** Predictions per cell. */
    public abstract int topK();

    /** Targets of a request. */
    public abstract int targets();

    /** Lenses of a request. */
    public abstract int lenses();

    /** Bytes of a request's id. */
    public abstract int requestIdBytes();

    /** Bytes of a target's text. */
    public abstract int targetBytes();

    /** Bytes of a message to the server. */
    public abstract int requestMessageBytes();

    /** Bytes of a message from the server. */
    public abstract int responseMessageBytes();

    /** Memory that one request may need. */
    public abstract OptionalLong requestMemoryBytes();

    /** Memory that the weights of all models may take together. */
    public abstract OptionalLong memoryBudgetBytes();

    /** Requests that may wait for one model. */
    public abstract OptionalInt queueCapacity();

    /** Prompts of one batch in flight. */
    public abstract int batchWindow();

    /** Time that a reader may stay away in total. */
    public abstract Optional<Duration> readerPatience();

    /** Longest wait of unloading. */
    public abstract Optional<Duration> unloadWait();

    /** Progress events a second and call. */
    public abstract int progressPerSecond();

    /** Models of a page. */
    public abstract int pageSize();

    /** Interventions of a request. */
    public abstract int interventions();

    /** Prompts that the interventions of a request take rows from. */
    public abstract int sourcePrompts();

    /** Metrics of a request. */
    public abstract int metrics();

    /** Stop texts of a generation. */
    public abstract int stopTexts();

    /** Bytes of a stop text. */
    public abstract int stopTextBytes();

    /** Collects the values; each method sets what {@link ServerLimits} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder topK(int count);

        public abstract Builder targets(int count);

        public abstract Builder lenses(int count);

        public abstract Builder requestIdBytes(int bytes);

        public abstract Builder targetBytes(int bytes);

        public abstract Builder requestMessageBytes(int bytes);

        public abstract Builder responseMessageBytes(int bytes);

        public abstract Builder requestMemoryBytes(OptionalLong bytes);

        public abstract Builder memoryBudgetBytes(OptionalLong bytes);

        public abstract Builder queueCapacity(OptionalInt requests);

        public abstract Builder batchWindow(int prompts);

        public abstract Builder readerPatience(Optional<Duration> time);

        public abstract Builder unloadWait(Optional<Duration> time);

        public abstract Builder progressPerSecond(int events);

        public abstract Builder pageSize(int models);

        public abstract Builder interventions(int count);

        public abstract Builder sourcePrompts(int count);

        public abstract Builder metrics(int count);

        public abstract Builder stopTexts(int count);

        public abstract Builder stopTextBytes(int bytes);

        public abstract ServerLimits build();
    }
}
