package dev.stratalens.bench.round;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SettledCallsTest {

    private int calls;

    @Test
    void endsWhenTwoBlocksOfCallsBringNoGain() {
        SettledCalls.settle(() -> 0.05 - 0.0001 * Math.min(++calls, 100));
        assertEquals(7 * 20, calls, "five blocks get faster, two do not");
    }

    @Test
    void slowCallsEndItByTime() {
        SettledCalls.settle(() -> 30.0 / ++calls);
        assertEquals(1, calls, "the first call takes longer than all may");
    }

    @Test
    void noiseDoesNotKeepItGoing() {
        SettledCalls.settle(() -> ++calls % 2 == 0 ? 0.01 : 0.02);
        assertEquals(3 * 20, calls);
    }
}
