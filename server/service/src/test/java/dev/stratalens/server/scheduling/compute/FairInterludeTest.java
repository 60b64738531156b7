package dev.stratalens.server.scheduling.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.server.scheduling.ManualClock;
import org.junit.jupiter.api.Test;

final class FairInterludeTest {

    private final ManualClock clock = new ManualClock();
    private int loans;

    @Test
    void givesThePassAsMuchTimeAsTheLastLoanTookBeforeTheNext() {
        FairInterlude interlude = new FairInterlude(clock, () -> lendFor(30));

        interlude.take();
        interlude.take();
        clock.advance(29);
        interlude.take();
        assertEquals(1, loans);

        clock.advance(1);
        interlude.take();
        assertEquals(2, loans);
    }

    @Test
    void looksAgainAtOnceIfNobodyHadShortWork() {
        FairInterlude empty = new FairInterlude(clock, () -> {
            lendFor(0);
            return false;
        });

        empty.take();
        empty.take();

        assertEquals(2, loans);
    }

    private boolean lendFor(long nanos) {
        loans++;
        clock.advance(nanos);
        return true;
    }
}
