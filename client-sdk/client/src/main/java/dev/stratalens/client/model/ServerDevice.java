package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.util.Optional;
import java.util.OptionalLong;

/** A device on which a server computes. */
@AutoValue
public abstract class ServerDevice {

    ServerDevice() {}

    /** Starts a device that has only a name. */
    public static Builder builder(String name) {
        return new AutoValue_ServerDevice.Builder().name(name);
    }

    /** Name: {@code "cpu"}, {@code "cuda:0"}. */
    public abstract String name();

    /** What it is, for people; empty where it is not known. */
    public abstract Optional<String> description();

    /** Its memory in bytes; empty where it is not known. */
    public abstract OptionalLong memoryBytes();

    /** How much of it is free; empty where it is not known. That of a card is measured when a model is loaded. */
    public abstract OptionalLong freeBytes();

    /** Collects the values; each method sets what {@link ServerDevice} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder name(String name);

        public abstract Builder description(Optional<String> words);

        public abstract Builder memoryBytes(OptionalLong bytes);

        public abstract Builder freeBytes(OptionalLong bytes);

        public abstract ServerDevice build();
    }
}
