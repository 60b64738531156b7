package dev.stratalens.client.internal;

import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.Progress.Phase;
import java.util.Optional;
import java.util.OptionalLong;

/** From the wire's progress to the SDK's. */
public final class ProgressReader {

    private ProgressReader() {}

    /** The progress; empty if its phase is one that this client does not know. */
    public static Optional<Progress> read(dev.stratalens.v1.Progress progress) {
        OptionalLong total = progress.hasTotal() ? OptionalLong.of(progress.getTotal()) : OptionalLong.empty();
        return phase(progress.getPhase()).map(phase -> new Progress(phase, progress.getDone(), total));
    }

    private static Optional<Phase> phase(dev.stratalens.v1.Phase phase) {
        return switch (phase) {
            case PHASE_QUEUED -> Optional.of(Phase.QUEUED);
            case PHASE_DOWNLOAD -> Optional.of(Phase.DOWNLOAD);
            case PHASE_LOADING -> Optional.of(Phase.LOADING);
            case PHASE_FORWARD -> Optional.of(Phase.FORWARD);
            case PHASE_LENS -> Optional.of(Phase.LENS);
            case PHASE_TRAJECTORIES -> Optional.of(Phase.TRAJECTORIES);
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
