package dev.stratalens.client.internal.message;

import dev.stratalens.client.model.Progress;
import dev.stratalens.client.model.Progress.Phase;
import dev.stratalens.client.model.TimeLeft;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** From the wire's progress of one call to the SDK's, with the time left. Not thread-safe. */
public final class ProgressReader {

    private final LongSupplier nanoTime;
    private int phase;
    private TimeLeft timeLeft;

    /** Of a call that begins now. */
    public ProgressReader() {
        this(System::nanoTime);
    }

    ProgressReader(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.timeLeft = new TimeLeft(nanoTime);
    }

    /** The next progress. */
    public Progress read(dev.stratalens.v1.Progress progress) {
        if (progress.getPhaseValue() != phase) {
            phase = progress.getPhaseValue();
            timeLeft = new TimeLeft(nanoTime);
        }
        return Progress.of(
                WireEnum.read(Phase.class, progress.getPhase()).orElse(Phase.OTHER),
                progress.getDone(),
                progress.hasTotal() ? OptionalLong.of(progress.getTotal()) : OptionalLong.empty(),
                timeLeft.at(progress.getDone(), progress.getTotal()));
    }
}
