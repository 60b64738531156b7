package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.util.List;

/** What a server is and can do. */
@AutoValue
public abstract class ServerInfo {

    ServerInfo() {}

    /** Starts a server that says nothing of itself but its limits. */
    public static Builder builder(ServerLimits limits) {
        return new AutoValue_ServerInfo.Builder()
                .limits(limits)
                .version("")
                .apiVersion("")
                .libraryVersion("")
                .features(List.of())
                .supportedArchitectures(List.of())
                .devices(List.of())
                .models(List.of());
    }

    /** Version of the server. */
    public abstract String version();

    /** Version of the contract that it speaks. */
    public abstract String apiVersion();

    /** Version of the library that computes. */
    public abstract String libraryVersion();

    /** Names of what it can do; unknown ones are to be ignored. */
    public abstract List<String> features();

    /** Families that it can load. */
    public abstract List<String> supportedArchitectures();

    /** Every limit that a caller may meet. */
    public abstract ServerLimits limits();

    /** What it computes on. */
    public abstract List<ServerDevice> devices();

    /** Names of the served models, in order. */
    public abstract List<String> models();

    /** Collects the values; each method sets what {@link ServerInfo} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder version(String version);

        public abstract Builder apiVersion(String version);

        public abstract Builder libraryVersion(String version);

        public abstract Builder features(List<String> names);

        abstract List<String> features();

        public abstract Builder supportedArchitectures(List<String> families);

        abstract List<String> supportedArchitectures();

        abstract Builder limits(ServerLimits limits);

        public abstract Builder devices(List<ServerDevice> devices);

        abstract List<ServerDevice> devices();

        public abstract Builder models(List<String> names);

        abstract List<String> models();

        abstract ServerInfo autoBuild();

        public final ServerInfo build() {
            return features(List.copyOf(features()))
                    .supportedArchitectures(List.copyOf(supportedArchitectures()))
                    .devices(List.copyOf(devices()))
                    .models(List.copyOf(models()))
                    .autoBuild();
        }
    }
}
