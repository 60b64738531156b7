package dev.stratalens.client.model;

import java.util.Objects;

/**
 * How far the loading of a model is.
 *
 * @param step what is done now
 * @param done units of the step done
 * @param total units of the step in all; 0 while unknown, or while the model waits for another one
 */
public record LoadProgress(Step step, long done, long total) {

    /** Steps of loading, in order. */
    public enum Step {
        /** The model's files come over the network, if they have to. Units are bytes. */
        DOWNLOAD,
        /** Its weights are read or mapped. Units are bytes. */
        WEIGHTS
    }

    /** Checks that there is a step. */
    public LoadProgress {
        Objects.requireNonNull(step, "step");
    }
}
