package dev.stratalens.client.internal.message;

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
        return WireEnum.read(Phase.class, progress.getPhase()).map(known -> {
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
}
