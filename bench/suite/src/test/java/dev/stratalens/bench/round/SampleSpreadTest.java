package dev.stratalens.bench.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SampleSpreadTest {

    @Test
    void takesTheMiddleOfAnOddNumberOfSamples() {
        assertEquals(new SampleSpread(3, 1, 50, 3), SampleSpread.of(50, 1, 3));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertEquals(new SampleSpread(2.5, 1, 50, 4), SampleSpread.of(50, 2, 1, 3));
    }

    @Test
    void refusesNothingAndWhatIsNoNumber() {
        assertThrows(IllegalArgumentException.class, SampleSpread::of);
        assertThrows(IllegalArgumentException.class, () -> SampleSpread.of(1, Double.NaN));
    }

    @Test
    void leavesItsSamplesInOrder() {
        double[] samples = {3, 1, 2};
        SampleSpread.of(samples);
        assertEquals(3, samples[0]);
    }

    @Test
    void aPercentileIsTheSmallestSampleThatTheShareReaches() {
        double[] samples = {4, 1, 3, 2};
        assertEquals(2, SampleSpread.percentile(samples, 0.5));
        assertEquals(4, SampleSpread.percentile(samples, 0.95));
        assertEquals(1, SampleSpread.percentile(samples, 0));
    }
}
