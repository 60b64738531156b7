package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void takesTheMiddleOfAnOddNumberOfSamples() {
        assertEquals(new Spread(3, 1, 50, 3), Spread.of(50, 1, 3));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertEquals(new Spread(2.5, 1, 50, 4), Spread.of(50, 2, 1, 3));
    }

    @Test
    void refusesNothingAndWhatIsNoNumber() {
        assertThrows(IllegalArgumentException.class, Spread::of);
        assertThrows(IllegalArgumentException.class, () -> Spread.of(1, Double.NaN));
    }

    @Test
    void leavesItsSamplesInOrder() {
        double[] samples = {3, 1, 2};
        Spread.of(samples);
        assertEquals(3, samples[0]);
    }

    @Test
    void aPercentileIsTheSmallestSampleThatTheShareReaches() {
        double[] samples = {4, 1, 3, 2};
        assertEquals(2, Spread.percentile(samples, 0.5));
        assertEquals(4, Spread.percentile(samples, 0.95));
        assertEquals(1, Spread.percentile(samples, 0));
    }
}
