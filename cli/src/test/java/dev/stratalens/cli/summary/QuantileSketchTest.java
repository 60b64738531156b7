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
            double exact = values[(int) (share * (values.length - 1))];
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
