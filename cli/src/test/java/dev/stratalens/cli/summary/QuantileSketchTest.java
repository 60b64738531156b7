package dev.stratalens.cli.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {

    @Test
    void aQuantileIsAsExactAsStatedOverEveryMagnitude() {
        Random random = new Random(7);
        double[] values =
                random.doubles(20_000).map(x -> Math.pow(10, 14 * x - 8)).toArray();
        QuantileSketch sketch = new QuantileSketch();
        Arrays.stream(values).forEach(sketch::add);
        Arrays.sort(values);

        for (double share : new double[] {0, 0.001, 0.25, 0.5, 0.75, 0.999, 1}) {
            double place = share * (values.length - 1);
            int below = (int) place;
            double exact =
                    values[below] + (place - below) * (values[Math.min(below + 1, values.length - 1)] - values[below]);
            assertEquals(exact, sketch.quantile(share), 1.000001 * QuantileSketch.ERROR * exact, () -> "at " + share);
        }
    }

    @Test
    void zerosAreExact() {
        QuantileSketch sketch = new QuantileSketch();
        for (double value : new double[] {0, 0, 0, 5}) {
            sketch.add(value);
        }

        assertEquals(0, sketch.quantile(0.5));
        assertEquals(5, sketch.quantile(1), 5 * QuantileSketch.ERROR);
    }

    @Test
    void betweenTwoNumbersIsInterpolated() {
        QuantileSketch sketch = new QuantileSketch();
        sketch.add(1);
        sketch.add(3);

        assertEquals(2, sketch.quantile(0.5), 2 * QuantileSketch.ERROR);
        assertEquals(1.5, sketch.quantile(0.25), 1.5 * QuantileSketch.ERROR);
    }

    @Test
    void nothingHasNoQuantile() {
        assertTrue(Double.isNaN(new QuantileSketch().quantile(0.5)));
    }

    @Test
    void whatIsNoAmountIsRefused() {
        QuantileSketch sketch = new QuantileSketch();

        assertThrows(IllegalArgumentException.class, () -> sketch.add(-1));
        assertThrows(IllegalArgumentException.class, () -> sketch.add(Double.NaN));
    }
}
