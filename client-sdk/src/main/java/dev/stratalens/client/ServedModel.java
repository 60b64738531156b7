package dev.stratalens.client;

import java.util.Objects;
import java.util.Optional;

/**
 * A model and its state.
 *
 * @param name as served
 * @param state its state
 * @param facts what is known of it, once it is ready
 * @param error why loading failed, in words, if it did
 */
public record ServedModel(String name, ModelState state, Optional<ModelFacts> facts, Optional<String> error) {

    /** Checks that nothing is missing. */
    public ServedModel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(error, "error");
    }
}
