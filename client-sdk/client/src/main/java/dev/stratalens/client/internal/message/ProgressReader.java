package dev.stratalens.client.internal.message;

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
        return WireEnum.read(Phase.class, progress.getPhase())
                .map(phase -> new Progress(phase, progress.getDone(), total));
    }
}
