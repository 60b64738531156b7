package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More work than can be done, by a clock of its own. */
final class OverloadTest {

    private static final double[] LOADS = {0.5, 2, 10};

    @ParameterizedTest
    @ValueSource(longs = {1, 15})
    void answersAsManyInTimeHoweverManyAsk(long seconds) throws InterruptedException {
        staysAtItsBest(Optional.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void answersAsManyHoweverManyAskWithoutADeadline() throws InterruptedException {
        staysAtItsBest(Optional.empty());
    }

    private static void staysAtItsBest(Optional<Duration> patience) throws InterruptedException {
        var byRate = new TreeMap<Double, SimulatedServer.Outcome>();
        var last = new SimulatedServer.Outcome(0, 0, 0, 0);
        for (double load : LOADS) {
            last = SimulatedServer.run(load, patience);
            byRate.put(last.answersPerSecond(), last);
        }
        SimulatedServer.Outcome best = byRate.lastEntry().getValue();
        assertTrue(best.answersPerSecond() > 0.8 * SimulatedServer.CAPACITY, byRate.toString());
        assertTrue(last.answersPerSecond() >= 0.9 * best.answersPerSecond(), byRate.toString());
        assertTrue(last.p95Seconds() <= 2 * best.p95Seconds(), byRate.toString());
    }

    @Test
    void refusesOnArrivalWhatWouldBeLateAndHardlyAnythingLaterOn() throws InterruptedException {
        SimulatedServer.Outcome outcome = SimulatedServer.run(10, Optional.of(Duration.ofSeconds(1)));

        assertTrue(outcome.refusedAtOnce() > 0.8, outcome.toString());
        assertTrue(outcome.endedLater() < 0.02, outcome.toString());
    }
}
