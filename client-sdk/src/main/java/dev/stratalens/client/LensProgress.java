package dev.stratalens.client;

import java.util.Objects;

/**
 * State of the work.
 *
 * @param phase what the server does
 * @param queuePosition requests ahead of this one; 0 once running
 * @param done units of the phase done: blocks, layers, or tensors loaded
 * @param total units of the phase in all; 0 while unknown
 */
public record LensProgress(Phase phase, int queuePosition, int done, int total) {

    /** Phases of a call, in order. */
    public enum Phase {
        /** Waiting for its turn. */
        QUEUED,
        /** The model is being loaded. */
        LOADING,
        /** Blocks are running. */
        FORWARD,
        /** Layers are being projected. */
        LENS
    }

    /** Checks that there is a phase. */
    public LensProgress {
        Objects.requireNonNull(phase, "phase");
    }
}
