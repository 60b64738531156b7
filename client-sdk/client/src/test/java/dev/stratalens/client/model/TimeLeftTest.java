package dev.stratalens.client.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private long nanos = -7;
    private final TimeLeft timeLeft = new TimeLeft(() -> nanos);

    @Test
    void theRateSoFarIsCarriedOn() {
        timeLeft.at(0, 100);
        pass(Duration.ofSeconds(10));
        assertEquals(Optional.of(Duration.ofSeconds(30)), timeLeft.at(25, 100));
        pass(Duration.ofSeconds(20));
        assertEquals(Optional.of(Duration.ofSeconds(10)), timeLeft.at(75, 100));
        assertEquals(Optional.of(Duration.ZERO), timeLeft.at(100, 100));
    }

    @Test
    void whatWasThereBeforeTheFirstReportTookNoTime() {
        timeLeft.at(900, 1000);
        pass(Duration.ofSeconds(5));
        assertEquals(Optional.of(Duration.ofSeconds(5)), timeLeft.at(950, 1000));
    }

    @Test
    void nothingIsSaidWhereNothingIsKnown() {
        assertEquals(Optional.empty(), timeLeft.at(0, 100));
        pass(Duration.ofMillis(900));
        assertEquals(Optional.empty(), timeLeft.at(50, 100), "too early");
        pass(Duration.ofSeconds(9));
        assertEquals(Optional.empty(), timeLeft.at(60, 0), "no total");
        assertEquals(Optional.empty(), timeLeft.at(0, 100), "nothing done");
    }

    @Test
    void workThatBeginsAgainIsMeasuredAgain() {
        timeLeft.at(50, 100);
        pass(Duration.ofSeconds(10));
        assertEquals(Optional.empty(), timeLeft.at(10, 100));
        pass(Duration.ofSeconds(2));
        assertEquals(Optional.of(Duration.ofSeconds(16)), timeLeft.at(20, 100));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
