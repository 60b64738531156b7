package dev.stratalens.client.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server is and can do.
 *
 * @param version version of the server
 * @param apiVersion version of the contract that it speaks
 * @param libraryVersion version of the library that computes
 * @param features names of what it can do; unknown ones are to be ignored
 * @param supportedArchitectures families that it can load
 * @param limits every limit that a caller may meet
 * @param devices what it computes on
 * @param models names of the served models, in order
 */
public record ServerInfo(
        String version,
        String apiVersion,
        String libraryVersion,
        List<String> features,
        List<String> supportedArchitectures,
        ServerLimits limits,
        List<Device> devices,
        List<String> models) {

    /** Copies the lists. */
    public ServerInfo {
        features = List.copyOf(features);
        supportedArchitectures = List.copyOf(supportedArchitectures);
        devices = List.copyOf(devices);
        models = List.copyOf(models);
    }

    /**
     * A device that computes.
     *
     * @param name {@code "cpu"}, {@code "cuda:0"}
     * @param description what it is, for people; empty where it is not known
     * @param memoryBytes its memory; empty where it is not known
     * @param freeBytes how much of it is free; empty where it is not known
     */
    public record Device(String name, Optional<String> description, OptionalLong memoryBytes, OptionalLong freeBytes) {}
}
