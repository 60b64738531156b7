package dev.stratalens.server.scheduling.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.scheduling.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WarmUpProgressTest {

    private final ManualClock clock = new ManualClock();
    private final WarmUpProgress progress = new WarmUpProgress(List.of(5, 64), clock);

    @Test
    void theShortestLengthTakesHalfOfTheTimeAndTheOthersShareTheRest() {
        WarmUpProgress three = new WarmUpProgress(List.of(5, 16, 64), clock);
        Map<Integer, Integer> passes = new TreeMap<>();
        for (int i = 0; i < 70; i++) {
            int length = three.next();
            passes.merge(length, 1, Integer::sum);
            three.add(length, Duration.ofMillis(length == 5 ? 1 : length == 16 ? 2 : 8));
        }

        // Of 84 passes 64 take 1 ms, 16 take 2, and 4 take 8: these are the first 70.
        assertEquals(53, passes.getOrDefault(5, 0), 3, passes.toString());
        assertEquals(13, passes.getOrDefault(16, 0), 1, passes.toString());
        assertEquals(3.5, passes.getOrDefault(64, 0), 0.5, passes.toString());
    }

    @Test
    void itIsOverOnceShortPassesGetNoFaster() {
        int passes = 0;
        for (int millis = 100; !progress.isOver(); millis = Math.max(40, millis - 1)) {
            progress.add(5, Duration.ofMillis(millis));
            passes++;
        }

        // 60 until the last that is faster, a group of equal ones, and two in which nothing is gained.
        assertTrue(passes >= 100 && passes <= 120, "passes: " + passes);
    }

    @Test
    void singleOutliersAreNoGain() {
        for (int i = 0; i < 60; i++) {
            assertFalse(progress.isOver(), "after " + i);
            progress.add(5, Duration.ofMillis(i % 20 == 0 ? 1 : 40));
        }

        assertTrue(progress.isOver());
    }

    @Test
    void itIsOverAfterABoundOfComputing() {
        for (int millis = 10_000; millis > 5_000; millis -= 1_000) {
            assertEquals(millis > 7_000, !progress.isOver());
            progress.add(64, Duration.ofMillis(millis));
        }
    }

    @Test
    void itIsOverAfterABoundOfTimeHoweverLittleCouldBeDone() {
        clock.advance(Duration.ofMinutes(2).toNanos() - 1);
        assertFalse(progress.isOver());

        clock.advance(1);

        assertTrue(progress.isOver());
    }

    @Test
    void itIsOverWhereNoLengthHasRoom() {
        progress.leaveOut(5);
        assertEquals(64, progress.next());

        progress.leaveOut(64);

        assertTrue(progress.isOver());
    }
}
