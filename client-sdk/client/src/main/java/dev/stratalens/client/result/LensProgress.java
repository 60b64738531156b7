package dev.stratalens.client.result;

import java.util.Objects;
import java.util.Optional;

/**
 * State of the work.
 *
 * @param phase what the server does
 * @param queuePosition requests ahead of this one; 0 once running
 * @param done units of the phase done: blocks, layers, or blocks loaded
 * @param total units of the phase in all; 0 while unknown
 * @param download how far the download of the model's files is, in the phase {@code LOADING} where there is one
 */
public record LensProgress(Phase phase, int queuePosition, int done, int total, Optional<Download> download) {

    /** Without a download. */
    public LensProgress(Phase phase, int queuePosition, int done, int total) {
        this(phase, queuePosition, done, total, Optional.empty());
    }

    /**
     * State of a download.
     *
     * @param doneBytes bytes that came
     * @param totalBytes bytes to come in all
     */
    public record Download(long doneBytes, long totalBytes) {}

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

    /** Checks that nothing is missing. */
    public LensProgress {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(download, "download");
    }
}
