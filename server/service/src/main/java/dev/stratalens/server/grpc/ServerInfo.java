package dev.stratalens.server.grpc;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the server says about itself and its limits.
 *
 * @param facts what it is
 * @param limits what it grants
 * @param devices what it computes on
 */
public record ServerInfo(ServerFacts facts, Limits limits, List<Device> devices) {

    /** Copies the list. */
    public ServerInfo {
        devices = List.copyOf(devices);
    }

    /**
     * Limits that the operator sets.
     *
     * @param requestMemoryBytes memory that one request may need
     * @param memoryBudgetBytes memory that the weights of all models may take together; empty for any
     * @param queueCapacity requests that may wait for one model
     * @param batchWindow prompts of one batch in flight
     * @param readerPatience time that a reader may stay away
     */
    public record Limits(
            long requestMemoryBytes,
            OptionalLong memoryBudgetBytes,
            int queueCapacity,
            int batchWindow,
            Duration readerPatience) {}

    /**
     * A device that computes.
     *
     * @param name such as {@code cpu}
     * @param description for people
     * @param memoryBytes all of its memory; empty where it is not known
     */
    public record Device(String name, String description, OptionalLong memoryBytes) {}
}
