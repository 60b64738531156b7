package dev.stratalens.report.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.HandMadeRun;
import dev.stratalens.report.comparison.Divergence.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

    private static final double PRECISION = 1e-5;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void aRunIsNowhereApartFromItself(int k) {
        HandMadeRun run = new RandomDistributions(7).run(3, 8).withTop(k);
        Comparison comparison = Comparison.of(run.result(), run.result());
        for (int layer = 0; layer < 3; layer++) {
            for (int position = 0; position < comparison.positions().size(); position++) {
                for (Measure measure : Measure.values()) {
                    assertEquals(0, comparison.divergence(layer, position).by(measure));
                }
                assertTrue(comparison.isSameTop(layer, position));
            }
        }
        assertEquals(OptionalInt.empty(), comparison.firstApart(0, Measure.TOTAL_VARIATION, 0.01));
        assertEquals(List.of(), comparison.layersOnlyInA());
    }

    @Test
    void certainOfDifferentTokensIsOneApart() {
        LensResult a = sure(2, 0);
        LensResult b = sure(2, 1);
        Divergence apart = Comparison.of(a, b).divergence(0, 0);
        assertEquals(1, apart.totalVariation(), PRECISION);
        assertEquals(Math.log(2), apart.jensenShannon(), 1e-4);
        assertTrue(apart.klFromA() > 5 && apart.klFromB() > 5, apart.toString());
        assertEquals(0, apart.sharedA());
    }

    @Test
    void whatBothKnowIsCompared() {
        double[][][] a = {{{0.5, 0.3, 0.2}}};
        double[][][] b = {{{0.2, 0.3, 0.5}}};
        Divergence apart = Comparison.of(
                        run(a).withTop(3).result(), run(b).withTop(3).result())
                .divergence(0, 0);
        assertEquals(0.3, apart.totalVariation(), PRECISION);
        assertEquals(0.3 * Math.log(2.5), apart.klFromA(), PRECISION);
        assertEquals(apart.klFromA(), apart.klFromB(), PRECISION);
        assertEquals(1, apart.sharedA(), PRECISION);
    }

    @Test
    void aTokenOfOneRunIsAtMostTheLastOfTheOthersTopK() {
        // A knows only its best token, a; B knows only b, so that b's 0.4 bounds what B gives to a.
        LensResult a = run(new double[][][] {{{0.9, 0.05, 0.05}}}).result();
        LensResult b = run(new double[][][] {{{0.3, 0.4, 0.3}}}).result();
        assertEquals(0.5, Comparison.of(a, b).divergence(0, 0).totalVariation(), PRECISION);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void itIsNeverMoreThanTheWholeDistributionsAreApart(long seed) {
        RandomDistributions random = new RandomDistributions(seed);
        for (int k = 1; k <= 12; k += 3) {
            HandMadeRun a = random.run(4, 12).withTop(k);
            HandMadeRun b = random.run(4, 12).withTop(k);
            Comparison comparison = Comparison.of(a.result(), b.result());
            for (int layer = 0; layer < 4; layer++) {
                for (int position = 0; position < comparison.positions().size(); position++) {
                    double[] p = a.probabilities()[layer][position];
                    double[] q = b.probabilities()[layer][position];
                    Divergence least = comparison.divergence(layer, position);
                    WholeDivergence.assertBounds(p, q, least, k == 12 ? 1e-4 : Double.POSITIVE_INFINITY);
                    assertTrue(
                            least.totalVariation() >= WholeDivergence.coarsened(p, q, k, a, b, layer, position) - 1e-5,
                            "weaker than the tokens of both and a rest");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void betweenVocabulariesItIsNeverMoreThanTheTextsAreApart(long seed) {
        RandomDistributions random = new RandomDistributions(seed);
        List<String> words = new ArrayList<>(HandMadeRun.letters(12));
        Collections.shuffle(words, new Random(seed));
        for (int k = 1; k <= 10; k += 3) {
            HandMadeRun a = random.run(3, 10).withTop(k);
            HandMadeRun other = random.run(3, 12);
            HandMadeRun b = HandMadeRun.of(words, List.of(0, 1, 2), other.probabilities())
                    .withTop(k);
            Comparison comparison = Comparison.of(a.result(), b.result());
            assertTrue(comparison.isMatchedByText());
            for (int layer = 0; layer < 3; layer++) {
                for (int position = 0; position < comparison.positions().size(); position++) {
                    PositionPair pair = comparison.positions().get(position);
                    double[] p = Arrays.copyOf(a.probabilities()[layer][pair.a()], 12);
                    double[] q = new double[12];
                    for (int id = 0; id < 12; id++) {
                        q[words.get(id).charAt(0) - 'a'] = b.probabilities()[layer][pair.b()][id];
                    }
                    WholeDivergence.assertBounds(
                            p, q, comparison.divergence(layer, position), Double.POSITIVE_INFINITY);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void swappedRunsAreEquallyFarApart(long seed) {
        RandomDistributions random = new RandomDistributions(seed);
        LensResult a = random.run(4, 9).withTop(2).result();
        LensResult b = random.run(6, 9).withTop(2).result();
        Comparison there = Comparison.of(a, b);
        Comparison back = Comparison.of(b, a);
        assertEquals(
                there.layers(),
                back.layers().stream()
                        .map(pair -> new LayerPair(pair.b(), pair.a()))
                        .toList());
        for (int layer = 0; layer < there.layers().size(); layer++) {
            for (int position = 0; position < there.positions().size(); position++) {
                Divergence one = there.divergence(layer, position);
                Divergence other = back.divergence(layer, position);
                assertEquals(one.totalVariation(), other.totalVariation(), 1e-12);
                assertEquals(one.jensenShannon(), other.jensenShannon(), 1e-12);
                assertEquals(one.klFromA(), other.klFromB(), 1e-12);
                assertEquals(one.sharedA(), other.sharedB());
                assertEquals(
                        there.difference(Difference.of(Statistic.ENTROPY), layer, position)
                                .orElseThrow(),
                        -back.difference(Difference.of(Statistic.ENTROPY), layer, position)
                                .orElseThrow());
            }
        }
    }

    @Test
    void otherVocabulariesMeetByText() {
        double[][][] p = {{{0.7, 0.2, 0.1}}};
        double[][][] q = {{{0.1, 0.7, 0.2}}};
        LensResult a =
                HandMadeRun.of(List.of("x", "y", "z"), List.of(0), p).withTop(3).result();
        LensResult b =
                HandMadeRun.of(List.of("z", "x", "y"), List.of(1), q).withTop(3).result();
        Comparison comparison = Comparison.of(a, b);
        assertTrue(comparison.isMatchedByText());
        assertTrue(comparison.isSameToken(0));
        assertTrue(comparison.isSameTop(0, 0));
        assertEquals(0, comparison.divergence(0, 0).totalVariation(), 1e-7);
        assertFalse(Comparison.of(a, a).isMatchedByText());
    }

    @Test
    void aTextOfSeveralIdsIsNotCompared() {
        double[][][] p = {{{0.5, 0.4, 0.1}}};
        LensResult a =
                HandMadeRun.of(List.of("x", "x", "z"), List.of(2), p).withTop(3).result();
        LensResult b = HandMadeRun.of(List.of("z", "x", "w", "v"), List.of(0), new double[][][] {{{0.1, 0.9, 0, 0}}})
                .withTop(3)
                .result();
        Divergence apart = Comparison.of(a, b).divergence(0, 0);
        assertEquals(0.1, apart.sharedA(), 1e-6);
        assertEquals(0, apart.totalVariation(), 1e-5);
    }

    @Test
    void itIsSaidWhereTheyPart() {
        double[] same = {0.6, 0.4};
        double[] little = {0.5, 0.5};
        double[] other = {0.1, 0.9};
        LensResult a = run(new double[][][] {{same, same}, {same, same}, {same, same}})
                .withTop(2)
                .result();
        LensResult b = run(new double[][][] {{same, same}, {same, little}, {same, other}})
                .withTop(2)
                .result();
        Comparison comparison = Comparison.of(a, b);
        assertEquals(OptionalInt.empty(), comparison.firstApart(0, Measure.TOTAL_VARIATION, 0.05));
        assertEquals(OptionalInt.of(1), comparison.firstApart(1, Measure.TOTAL_VARIATION, 0.05));
        assertEquals(OptionalInt.of(2), comparison.firstApart(1, Measure.TOTAL_VARIATION, 0.3));
        assertEquals(OptionalInt.of(2), comparison.firstOtherTop(1));
        assertEquals(OptionalInt.empty(), comparison.firstOtherTop(0));
        assertEquals(new Comparison.Cell(2, 1), comparison.mostApart(Measure.JENSEN_SHANNON));
        assertEquals(0.25, comparison.mean(Measure.TOTAL_VARIATION, 2), PRECISION);
    }

    @Test
    void differencesAreBsNumberLessAs() {
        LensResult a = run(new double[][][] {{{0.7, 0.2, 0.1}}})
                .withTop(1)
                .withTarget(1)
                .result();
        LensResult b = run(new double[][][] {{{0.2, 0.7, 0.1}}})
                .withTop(1)
                .withTarget(1)
                .result();
        Comparison comparison = Comparison.of(a, b);
        assertEquals(0.5, difference(comparison, Difference.TARGET_PROBABILITY), PRECISION);
        assertEquals(-Math.log10(2), difference(comparison, Difference.TARGET_RANK), PRECISION);
        assertEquals(Math.log(3.5), difference(comparison, Difference.TARGET_LOG_PROBABILITY), PRECISION);
        assertEquals(0, difference(comparison, Difference.TOP_PROBABILITY), PRECISION);
        assertTrue(comparison
                .difference(Difference.of(Statistic.KL_FROM_FINAL), 0, 0)
                .isEmpty());
        LensResult without = run(new double[][][] {{{0.7, 0.2, 0.1}}}).result();
        assertTrue(Comparison.of(without, b)
                .difference(Difference.TARGET_RANK, 0, 0)
                .isEmpty());
    }

    @Test
    void runsWithoutACommonLayerAreRefused() {
        LensResult all = new RandomDistributions(1).run(3, 4).result();
        LensResult last = HandMadeRun.onlyLayer(5, new RandomDistributions(1).run(1, 4));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Comparison.of(last, all, LayerAlignment.LAYER));
        assertTrue(String.valueOf(refusal.getMessage()).contains("align them by depth"), refusal.getMessage());
    }

    private static double difference(Comparison comparison, Difference difference) {
        return comparison.difference(difference, 0, 0).orElseThrow();
    }

    private static LensResult sure(int tokens, int of) {
        double[] cell = new double[tokens];
        cell[of] = 1;
        return run(new double[][][] {{cell}}).result();
    }

    private static HandMadeRun run(double[][][] probabilities) {
        int positions = probabilities[0].length;
        return HandMadeRun.of(
                HandMadeRun.letters(probabilities[0][0].length), Collections.nCopies(positions, 0), probabilities);
    }

    /** Runs of random distributions, some flat, some peaked. */
    private static final class RandomDistributions {
        private final Random random;

        RandomDistributions(long seed) {
            random = new Random(seed);
        }

        HandMadeRun run(int layers, int vocabulary) {
            double[][][] probabilities = new double[layers][3][vocabulary];
            for (double[][] layer : probabilities) {
                for (double[] cell : layer) {
                    fill(cell);
                }
            }
            return HandMadeRun.of(HandMadeRun.letters(vocabulary), List.of(0, 1, 2), probabilities);
        }

        private void fill(double[] cell) {
            double sharpness = 6 * random.nextDouble();
            double sum = 0;
            for (int id = 0; id < cell.length; id++) {
                cell[id] = Math.exp(sharpness * random.nextGaussian());
                sum += cell[id];
            }
            for (int id = 0; id < cell.length; id++) {
                cell[id] /= sum;
            }
        }
    }
}
