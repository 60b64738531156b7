package dev.stratalens.client.internal;

import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.Progress.Phase;
import dev.stratalens.client.model.TimeLeft;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** From the wire's progress of one call to the SDK's, with the time left. Not thread-safe. */
public final class ProgressReader {

    private final LongSupplier nanoTime;
    private @Nullable Phase phase;
    private TimeLeft timeLeft;

    /** Of a call that begins now. */
    public ProgressReader() {
        this(System::nanoTime);
    }

    ProgressReader(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.timeLeft = new TimeLeft(nanoTime);
    }

    /** The next progress; empty if its phase is one that this client does not know. */
    public Optional<Progress> read(dev.stratalens.v1.Progress progress) {
        return phase(progress.getPhase()).map(known -> {
            if (known != phase) {
                phase = known;
                timeLeft = new TimeLeft(nanoTime);
            }
            return new Progress(
                    known,
                    progress.getDone(),
                    progress.hasTotal() ? OptionalLong.of(progress.getTotal()) : OptionalLong.empty(),
                    timeLeft.at(progress.getDone(), progress.getTotal()));
        });
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
