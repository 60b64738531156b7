package dev.stratalens.client.internal;

import dev.stratalens.client.model.LoadProgress;
import dev.stratalens.client.result.LensProgress;
import dev.stratalens.v1.Phase;
import java.util.Optional;

/** From the wire's progress to the SDK's. */
public final class ProgressReader {

    private ProgressReader() {}

    /** The progress; empty if its phase is one that this client does not know. */
    public static Optional<LensProgress> read(dev.stratalens.v1.LensProgress progress) {
        return phase(progress.getPhase())
                .map(phase -> new LensProgress(
                        phase,
                        progress.getQueuePosition(),
                        progress.getDone(),
                        progress.getTotal(),
                        progress.getDownloadBytes() == 0
                                ? Optional.empty()
                                : Optional.of(new LensProgress.Download(
                                        progress.getDownloadedBytes(), progress.getDownloadBytes()))));
    }

    /** The progress of loading; empty if its step is one that this client does not know. */
    public static Optional<LoadProgress> read(dev.stratalens.v1.LoadProgress progress) {
        return switch (progress.getStep()) {
            case LOAD_STEP_DOWNLOAD -> Optional.of(read(LoadProgress.Step.DOWNLOAD, progress));
            case LOAD_STEP_WEIGHTS -> Optional.of(read(LoadProgress.Step.WEIGHTS, progress));
            case LOAD_STEP_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static LoadProgress read(LoadProgress.Step step, dev.stratalens.v1.LoadProgress progress) {
        return new LoadProgress(step, progress.getDone(), progress.getTotal());
    }

    private static Optional<LensProgress.Phase> phase(Phase phase) {
        return switch (phase) {
            case PHASE_QUEUED -> Optional.of(LensProgress.Phase.QUEUED);
            case PHASE_LOADING -> Optional.of(LensProgress.Phase.LOADING);
            case PHASE_FORWARD -> Optional.of(LensProgress.Phase.FORWARD);
            case PHASE_LENS -> Optional.of(LensProgress.Phase.LENS);
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
