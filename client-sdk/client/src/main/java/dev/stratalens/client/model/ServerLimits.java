package dev.stratalens.client.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits of requests and of a server. Empty where none is set.
 *
 * @param topK predictions per cell
 * @param targets targets of a request
 * @param lenses lenses of a request
 * @param requestIdBytes bytes of a request's id
 * @param targetBytes bytes of a target's text
 * @param requestMessageBytes bytes of a message to the server
 * @param responseMessageBytes bytes of a message from the server
 * @param requestMemoryBytes memory that one request may need
 * @param memoryBudgetBytes memory that the weights of all models may take together
 * @param queueCapacity requests that may wait for one model
 * @param batchWindow prompts of one batch in flight
 * @param readerPatience time that a reader may stay away in total
 * @param unloadWait longest wait of unloading
 * @param progressPerSecond progress events a second and call
 * @param pageSize models of a page
 */
public record ServerLimits(
        int topK,
        int targets,
        int lenses,
        int requestIdBytes,
        int targetBytes,
        int requestMessageBytes,
        int responseMessageBytes,
        OptionalLong requestMemoryBytes,
        OptionalLong memoryBudgetBytes,
        OptionalInt queueCapacity,
        int batchWindow,
        Optional<Duration> readerPatience,
        Optional<Duration> unloadWait,
        int progressPerSecond,
        int pageSize) {}
