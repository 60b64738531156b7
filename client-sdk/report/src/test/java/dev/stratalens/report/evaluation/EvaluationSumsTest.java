package dev.stratalens.report.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.request.Lens;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationSumsTest {

    private static final EvaluationSeries SERIES = new EvaluationSeries(Lens.logit(), 0, EvaluationMeasure.KL);

    @Test
    void theMeanIsThatOfAllTokensAndTheIntervalThatOfDocuments() {
        double[] values = {3, 8, 1, 30};
        double[] weights = {2, 4, 1, 9};
        EvaluationSums sums = new EvaluationSums();
        for (int i = 0; i < values.length; i++) {
            sums.add(unit(values[i], weights[i]));
        }
        double mean = 42.0 / 16;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            squares += Math.pow(values[i] - mean * weights[i], 2);
        }
        Estimate estimate = sums.estimate(SERIES);
        assertEquals(4, estimate.count());
        assertEquals(mean, estimate.mean(), 1e-15);
        assertEquals(1.959963984540054 * Math.sqrt(squares * 4 / 3) / 16, estimate.margin(), 1e-13);
    }

    /** Documents whose true mean is known, drawn again and again: about 95 of 100 intervals have it. */
    @Test
    void theIntervalHasTheTrueMeanAsOftenAsItSays() {
        Random random = new Random(1);
        int hits = 0;
        for (int trial = 0; trial < 1000; trial++) {
            EvaluationSums sums = new EvaluationSums();
            for (int document = 0; document < 100; document++) {
                int tokens = 5 + random.nextInt(50);
                double own = 2 + 0.5 * random.nextGaussian();
                double total = 0;
                for (int token = 0; token < tokens; token++) {
                    total += own + random.nextGaussian();
                }
                sums.add(unit(total, tokens));
            }
            Estimate estimate = sums.estimate(SERIES);
            hits += Math.abs(estimate.mean() - 2) <= estimate.margin() ? 1 : 0;
        }
        assertTrue(hits > 920 && hits < 975, hits + " of 1000");
    }

    @Test
    void oneDocumentHasNoInterval() {
        EvaluationSums sums = new EvaluationSums();
        assertTrue(Double.isNaN(sums.estimate(SERIES).mean()));
        sums.add(unit(3, 2));
        assertEquals(1.5, sums.estimate(SERIES).mean());
        assertTrue(Double.isNaN(sums.estimate(SERIES).margin()));
    }

    @Test
    void sumsThatWereKeptGoOnWithTheSameBits() {
        Random random = new Random(2);
        EvaluationSums whole = new EvaluationSums();
        EvaluationSums stopped = new EvaluationSums();
        for (int document = 0; document < 20; document++) {
            EvaluationUnit unit = unit(random.nextDouble(), 1 + random.nextInt(9));
            whole.add(unit);
            stopped.add(unit);
            EvaluationSums restored = new EvaluationSums();
            restored.restore(stopped.units(), stopped.tokens(), stopped.bytes());
            stopped.forEach(restored::restore);
            stopped = restored;
        }
        assertEquals(whole.estimate(SERIES), stopped.estimate(SERIES));
        assertEquals(20, stopped.units());
        assertEquals(60, stopped.tokens());
        assertEquals(List.of(0), stopped.layers(Lens.logit()));
        EvaluationSums other = new EvaluationSums();
        assertThrows(IllegalArgumentException.class, () -> other.restore(SERIES, new double[2]));
    }

    private static EvaluationUnit unit(double value, double weight) {
        EvaluationUnit unit = new EvaluationUnit();
        unit.count(3, 7);
        unit.add(SERIES, value, weight);
        return unit;
    }
}
