package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class GatheringTest {

    private final Gathering gathering = new Gathering();

    @Test
    void aCallerWhoIsAloneNeverWaits() {
        gathering.passBegins(1, 0);
        gathering.passEnds(100);
        gathering.requestCame(1);

        assertEquals(0, gathering.nanosLeft(1, 100));
    }

    @Test
    void theFirstPassIsNotHeldBack() {
        gathering.requestCame(1);

        assertEquals(0, gathering.nanosLeft(1, 0));
    }

    @Test
    void waitsAHundredthOfThePassForThoseWhoWereInIt() {
        gathering.passBegins(3, 1000);
        gathering.passEnds(11_000);

        assertEquals(100, gathering.nanosLeft(1, 11_000));
        assertEquals(40, gathering.nanosLeft(2, 11_060));
        assertEquals(0, gathering.nanosLeft(2, 11_100));
        assertEquals(0, gathering.nanosLeft(3, 11_000));
    }

    @Test
    void waitsForThoseWhoCameDuringThePassToo() {
        gathering.passBegins(1, 0);
        gathering.requestCame(2);
        gathering.requestCame(3);
        gathering.passEnds(1000);

        assertEquals(10, gathering.nanosLeft(2, 1000));
        assertEquals(0, gathering.nanosLeft(3, 1000));
    }

    @Test
    void waitsNoLongerThanFiveMillisecondsAfterTheLongestPass() {
        gathering.passBegins(2, 0);
        gathering.passEnds(60_000_000_000L);

        assertEquals(5_000_000, gathering.nanosLeft(1, 60_000_000_000L));
    }

    @Test
    void forgetsCallersWhoDidNotComeBack() {
        gathering.passBegins(8, 0);
        gathering.passEnds(1000);
        gathering.passBegins(1, 1010);
        gathering.passEnds(2000);
        gathering.requestCame(1);

        assertEquals(0, gathering.nanosLeft(1, 2000));
    }
}
