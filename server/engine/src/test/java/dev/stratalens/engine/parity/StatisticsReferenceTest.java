package dev.stratalens.engine.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatisticsReferenceTest {

    /** The recorded values are float64 results rounded to float32, from the very logits that this test reads. */
    private static final double TOLERANCE = 2e-6;

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void agreesWithTheRecordedStatistics(ParityCase parity) {
        for (int layer = -1; layer < parity.layers(); layer++) {
            for (int position : parity.logitPositions()) {
                double[] logits = logits(parity, layer, position);
                double[] logProbs = StatisticsReference.logProbs(logits);
                double[] finalLogits = logits(parity, parity.layers() - 1, position);
                int finalTop = StatisticsReference.top(finalLogits, 1)[0];
                int[] top = parity.topIds(layer, position);

                assertClose(parity.logSumExp(layer, position), StatisticsReference.logSumExp(logits));
                assertClose(parity.entropy(layer, position), StatisticsReference.entropy(logits));
                assertClose(parity.klFromFinal(layer, position), StatisticsReference.divergence(finalLogits, logits));
                assertArrayEquals(top, StatisticsReference.top(logits, top.length));
                for (int i = 0; i < top.length; i++) {
                    assertClose(parity.topLogProbs(layer, position)[i], logProbs[top[i]]);
                }
                assertEquals(parity.finalTopRank(layer, position), StatisticsReference.rank(logits, finalTop));
                assertClose(parity.finalTopLogProb(layer, position), logProbs[finalTop]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void agreesWithTheRecordedDivergenceFromTheNextLayer(ParityCase parity) {
        for (int layer = -1; layer < parity.layers() - 1; layer++) {
            for (int position : parity.logitPositions()) {
                double[] next = logits(parity, layer + 1, position);
                assertClose(
                        parity.klFromNext(layer, position),
                        StatisticsReference.divergence(next, logits(parity, layer, position)));
            }
        }
        assertTrue(Float.isNaN(parity.klFromNext(parity.layers() - 1, 0)));
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void agreesWithTheRecordedStandingOfTheNextToken(ParityCase parity) {
        int last = parity.tokens() - 1;
        for (int layer = -1; layer < parity.layers(); layer++) {
            for (int position : parity.logitPositions()) {
                if (position < last) {
                    double[] logits = logits(parity, layer, position);
                    int next = parity.tokenIds()[position + 1];
                    assertEquals(parity.nextTokenRank(layer, position), StatisticsReference.rank(logits, next));
                    assertClose(parity.nextTokenLogProb(layer, position), StatisticsReference.logProbs(logits)[next]);
                }
            }
            assertEquals(0, parity.nextTokenRank(layer, last));
            assertTrue(Float.isNaN(parity.nextTokenLogProb(layer, last)));
        }
    }

    @Test
    void ranksEqualLogitsAlikeAndListsTheLowerIdFirst() {
        double[] logits = {1, 3, 2, 3};

        assertArrayEquals(new int[] {1, 3, 2}, StatisticsReference.top(logits, 3));
        assertEquals(1, StatisticsReference.rank(logits, 3));
        assertEquals(3, StatisticsReference.rank(logits, 2));
    }

    private static double[] logits(ParityCase parity, int layer, int position) {
        float[] logits = parity.logits(layer, position);
        return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    }

    private static void assertClose(float expected, double actual) {
        assertEquals(expected, actual, TOLERANCE + TOLERANCE * Math.abs(expected));
    }
}
