package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A model of a server and its state. */
@AutoValue
public abstract class ServedModel {

    ServedModel() {}

    /** Starts a model that takes no memory and that no request wants. */
    public static Builder builder(String name, ModelState state) {
        return new AutoValue_ServedModel.Builder()
                .name(name)
                .state(state)
                .memory(List.of())
                .requests(0);
    }

    /** Name, as served. */
    public abstract String name();

    /** Its state. */
    public abstract ModelState state();

    /** What is known of it, while it is ready. */
    public abstract Optional<ModelFacts> facts();

    /** Why loading failed, in words, if it did. */
    public abstract Optional<String> error();

    /** Bytes that its weights take on each device, or are about to; none where they take nothing. */
    public abstract List<DeviceMemory> memory();

    /** Requests that wait for it or are computed by it now. */
    public abstract int requests();

    /** Time since the last of them ended, or since it was loaded; empty unless it is loaded. */
    public abstract Optional<Duration> unusedFor();

    /** How far loading is, while it is being loaded. */
    public abstract Optional<Progress> progress();

    /** Bytes that its weights take on all devices together, or are about to. */
    public final long memoryBytes() {
        return memory().stream().mapToLong(DeviceMemory::bytes).sum();
    }

    /** Collects the values; each method sets what {@link ServedModel} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder name(String name);

        abstract Builder state(ModelState state);

        public abstract Builder facts(Optional<ModelFacts> facts);

        public abstract Builder error(Optional<String> words);

        public abstract Builder memory(List<DeviceMemory> memory);

        abstract List<DeviceMemory> memory();

        public abstract Builder requests(int requests);

        public abstract Builder unusedFor(Optional<Duration> time);

        public abstract Builder progress(Optional<Progress> progress);

        abstract ServedModel autoBuild();

        public final ServedModel build() {
            return memory(List.copyOf(memory())).autoBuild();
        }
    }
}
