package dev.stratalens.client.internal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressReaderTest {

    private long nanos;
    private final ProgressReader reader = new ProgressReader(() -> nanos);

    @Test
    void eachPhaseHasATimeOfItsOwn() {
        assertEquals(Optional.empty(), timeLeft(Phase.PHASE_FORWARD, 0));
        nanos += Duration.ofSeconds(20).toNanos();
        assertEquals(Optional.of(Duration.ofSeconds(40)), timeLeft(Phase.PHASE_FORWARD, 4));
        assertEquals(Optional.empty(), timeLeft(Phase.PHASE_LENS, 4));
        nanos += Duration.ofSeconds(3).toNanos();
        assertEquals(Optional.of(Duration.ofSeconds(9)), timeLeft(Phase.PHASE_LENS, 6));
    }

    private Optional<Duration> timeLeft(Phase phase, int done) {
        return reader.read(Progress.newBuilder()
                        .setPhase(phase)
                        .setDone(done)
                        .setTotal(12)
                        .build())
                .timeLeft();
    }
}
