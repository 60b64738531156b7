package dev.stratalens.server.grpc.stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.v1.Phase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressThrottleTest {

    private final AtomicLong now = new AtomicLong();
    private final ProgressThrottle<Phase> throttle = new ProgressThrottle<>(now::get);

    @Test
    void passesTheFirstAndTheLastOfAPhase() {
        assertTrue(throttle.passes(Phase.PHASE_FORWARD, 1, 3));
        assertFalse(throttle.passes(Phase.PHASE_FORWARD, 2, 3));
        assertTrue(throttle.passes(Phase.PHASE_FORWARD, 3, 3));
        assertTrue(throttle.passes(Phase.PHASE_LENS, 1, 3));
    }

    @Test
    void passesAnotherAfterAPause() {
        assertTrue(throttle.passes(Phase.PHASE_LOADING, 1, 0));
        now.addAndGet(Duration.ofMillis(49).toNanos());
        assertFalse(throttle.passes(Phase.PHASE_LOADING, 2, 0));
        now.addAndGet(Duration.ofMillis(1).toNanos());
        assertTrue(throttle.passes(Phase.PHASE_LOADING, 3, 0));
        assertFalse(throttle.passes(Phase.PHASE_LOADING, 4, 0));
    }
}
