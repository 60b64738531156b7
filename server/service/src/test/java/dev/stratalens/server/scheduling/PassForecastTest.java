package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PassForecastTest {

    private final PassForecast times = new PassForecast();

    @Test
    void knowsNothingAtFirst() {
        assertTrue(times.areUnknown());
        assertEquals(0, times.nanos(1, 1000));
        assertEquals(Long.MAX_VALUE, times.workWithin(1));
        assertEquals(-1, times.workWithin(0));
    }

    /** One that was canceled at once must not have all later ones refused. */
    @Test
    void aPassThatDidNothingSaysNothingOfWork() {
        times.took(0, 1000);

        assertNear(1000, times.nanos(1, 1000), 200);
        assertEquals(Long.MAX_VALUE, times.workWithin(2000));
    }

    @Test
    void takesTimeAsProportionalToWorkWhileAllPassesAreAlike() {
        repeat(50, 10, 1000);

        assertFalse(times.areUnknown());
        assertNear(1000, times.nanos(1, 10), 50);
        assertNear(10_000, times.nanos(1, 100), 500);
    }

    @Test
    void tellsWhatAPassCostsFromWhatItsWorkCosts() {
        for (int i = 0; i < 50; i++) {
            times.took(10, 500 + 10 * 20);
            times.took(100, 500 + 100 * 20);
        }

        assertNear(500 + 50 * 20, times.nanos(1, 50), 100);
        assertNear(3 * 500 + 50 * 20, times.nanos(3, 50), 150);
        assertNear(50, times.workWithin(500 + 50 * 20), 5);
        assertEquals(-1, times.workWithin(300));
    }

    @Test
    void followsWhatPassesTakeNow() {
        repeat(100, 10, 1000);
        repeat(30, 10, 5000);

        assertNear(5000, times.nanos(1, 10), 400);
    }

    @Test
    void neverPredictsThatMoreWorkTakesLess() {
        for (int i = 0; i < 20; i++) {
            times.took(10, 1000);
            times.took(100, 500);
        }

        assertTrue(times.nanos(1, 100) >= times.nanos(1, 10));
        assertEquals(Long.MAX_VALUE, times.workWithin(2000));
    }

    private void repeat(int count, long work, long nanos) {
        for (int i = 0; i < count; i++) {
            times.took(work, nanos);
        }
    }

    private static void assertNear(long expected, long actual, long most) {
        assertTrue(Math.abs(expected - actual) <= most, actual + " is not near " + expected);
    }
}
