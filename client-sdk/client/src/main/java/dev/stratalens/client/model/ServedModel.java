package dev.stratalens.client.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A model and its state.
 *
 * @param name as served
 * @param state its state
 * @param facts what is known of it, while it is ready
 * @param error why loading failed, in words, if it did
 * @param memoryBytes bytes that its weights take, or are about to; 0 where they take none
 * @param requests requests that wait for it or run on it now
 * @param unusedFor time since the last of them ended, or since it was loaded; empty unless it is loaded
 */
public record ServedModel(
        String name,
        ModelState state,
        Optional<ModelFacts> facts,
        Optional<String> error,
        long memoryBytes,
        int requests,
        Optional<Duration> unusedFor) {

    /** Checks that nothing is missing. */
    public ServedModel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(unusedFor, "unusedFor");
    }
}
