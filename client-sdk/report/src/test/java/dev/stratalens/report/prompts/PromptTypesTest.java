package dev.stratalens.report.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.RandomResult;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.HandMadeRun;
import dev.stratalens.report.figure.LineChart;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTypesTest {

    private static final double EXACT = 1e-6;

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 1e9, -1e9})
    void runningMomentsAreThoseOfAllNumbersTogether(double offset) {
        Random random = new Random(5);
        double[] values = DoubleStream.generate(() -> offset + random.nextGaussian())
                .limit(1000)
                .toArray();
        RunningMoments running = new RunningMoments();
        Arrays.stream(values).forEach(running::add);
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
        assertEquals(mean, running.moments().mean(), 1e-6);
        assertEquals(Math.sqrt(variance), running.moments().standardDeviation(), 1e-6);
        assertEquals(1000, running.moments().count());
    }

    @Test
    void fewNumbersHaveNoSpread() {
        RunningMoments running = new RunningMoments();
        assertTrue(Double.isNaN(running.moments().mean()));
        running.add(3);
        assertEquals(3, running.moments().mean());
        assertTrue(Double.isNaN(running.moments().standardDeviation()));
    }

    @Test
    void eachTypeHasItsOwnMeansInTheOrderOfFirstPrompts() {
        PromptTypes types = new PromptTypes();
        types.add("late", run(new double[] {0.9, 0.1}, new double[] {0.2, 0.8}));
        types.add("early", run(new double[] {0.1, 0.9}, new double[] {0.1, 0.9}));
        types.add("late", run(new double[] {0.7, 0.3}, new double[] {0.4, 0.6}));
        assertEquals(
                List.of("late", "early"),
                types.types().stream().map(PromptType::name).toList());
        PromptType late = types.types().get(0);
        assertEquals(2, late.prompts());
        assertEquals(3, types.prompts());
        assertEquals(1, late.crystallizationLayer().mean(), EXACT);
        assertEquals(0, types.types().get(1).crystallizationLayer().mean(), EXACT);
        List<Moments> target = late.curve(PromptQuantity.TARGET_PROBABILITY);
        assertEquals(0.2, target.get(0).mean(), EXACT);
        assertEquals(0.7, target.get(1).mean(), EXACT);
        assertEquals(Math.sqrt(0.02), target.get(0).standardDeviation(), EXACT);
        assertEquals(
                Math.log10(2), late.curve(PromptQuantity.TARGET_LOG_RANK).get(0).mean(), EXACT);
        assertEquals(0.7, late.curve(PromptQuantity.FINAL_PROBABILITY).get(1).mean(), EXACT);
    }

    @Test
    void aPromptCountsOnceHoweverManyPositionsItHas() {
        double[] sure = {1, 0};
        double[] open = {0.5, 0.5};
        PromptTypes types = new PromptTypes();
        types.add(
                "all",
                HandMadeRun.of(HandMadeRun.letters(2), List.of(0, 0, 0), new double[][][] {{sure, sure, open}})
                        .result());
        Moments entropy =
                types.types().get(0).curve(PromptQuantity.of(Statistic.ENTROPY)).get(0);
        assertEquals(1, entropy.count());
        assertEquals(Math.log(2) / 3, entropy.mean(), EXACT);
    }

    @Test
    void whatWasNotAskedForIsMissing() {
        PromptTypes types = new PromptTypes();
        types.add(
                "all",
                HandMadeRun.of(HandMadeRun.letters(2), List.of(0), new double[][][] {{{0.5, 0.5}}})
                        .result());
        assertFalse(types.types().get(0).has(PromptQuantity.TARGET_PROBABILITY));
        assertFalse(types.types().get(0).has(PromptQuantity.of(Statistic.KL_FROM_FINAL)));
        assertTrue(types.types().get(0).has(PromptQuantity.of(Statistic.ENTROPY)));
        assertEquals(
                List.of(),
                PromptFigures.chart(types, PromptQuantity.of(Statistic.KL_FROM_FINAL))
                        .curves());
    }

    @Test
    void chartsHaveABandThatEndsWhereTheQuantityDoes() {
        PromptTypes types = new PromptTypes();
        types.add("all", run(new double[] {0.99, 0.01}, new double[] {0.02, 0.98}));
        types.add("all", run(new double[] {0.6, 0.4}, new double[] {0.5, 0.5}));
        LineChart chart = PromptFigures.chart(types, PromptQuantity.TARGET_PROBABILITY);
        assertEquals(1, chart.curves().size());
        LineChart.Point point = chart.curves().get(0).points().get(1);
        assertEquals(0.74, point.y(), EXACT);
        assertEquals(1, point.upper());
        assertEquals(0, chart.curves().get(0).points().get(0).lower());
        LineChart ranks = PromptFigures.chart(types, PromptQuantity.TARGET_LOG_RANK);
        assertEquals(2, ranks.curves().get(0).points().get(0).y(), EXACT);
    }

    @Test
    void resultsOfOtherModelsAndLayersAreRefused() {
        PromptTypes types = new PromptTypes();
        types.add("all", run(new double[] {0.5, 0.5}, new double[] {0.5, 0.5}));
        assertRefused("other layers", types, HandMadeRun.onlyLayer(1, made(new double[] {0.5, 0.5})), "layers [1]");
        assertRefused("another model", types, made(new double[] {0.5, 0.5}).result(), "each model by itself");
    }

    @Test
    void resultsOfAnotherLensAreRefused() {
        LensResult both = RandomResult.of(
                1, LensRequest.of("p").lenses(Lens.logit(), Lens.raw()).build());
        PromptTypes types = new PromptTypes();
        types.add("all", both);
        assertRefused("another lens", types, both.through(Lens.raw()), "collect each lens by itself");
    }

    private static void assertRefused(String what, PromptTypes types, LensResult result, String words) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> types.add("all", result), what);
        assertTrue(String.valueOf(refusal.getMessage()).contains(words), refusal.getMessage());
        assertEquals(1, types.prompts());
    }

    /** One position, the target is the second token. */
    private static LensResult run(double[]... layers) {
        return made(layers).withTarget(1).result();
    }

    private static HandMadeRun made(double[]... layers) {
        double[][][] cells =
                Arrays.stream(layers).map(layer -> new double[][] {layer}).toArray(double[][][]::new);
        return HandMadeRun.of(HandMadeRun.letters(2), List.of(0), cells);
    }
}
