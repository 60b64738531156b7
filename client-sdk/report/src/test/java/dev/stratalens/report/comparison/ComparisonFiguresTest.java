package dev.stratalens.report.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.report.analysis.HandMadeRun;
import dev.stratalens.report.comparison.Divergence.Measure;
import dev.stratalens.report.figure.ColorRamp;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonFiguresTest {

    private static final double PRECISION = 1e-5;

    /** Two blocks, "a" then "b". */
    private static final HandMadeRun SHALLOW = HandMadeRun.of(HandMadeRun.letters(3), List.of(0, 1), new double[][][] {
        {{0.8, 0.1, 0.1}, {0.5, 0.3, 0.2}},
        {{0.6, 0.3, 0.1}, {0.2, 0.7, 0.1}}
    });

    /** Four blocks, "a" then "c". */
    private static final HandMadeRun DEEP = HandMadeRun.of(HandMadeRun.letters(3), List.of(0, 2), new double[][][] {
        {{0.4, 0.3, 0.3}, {0.4, 0.3, 0.3}},
        {{0.1, 0.8, 0.1}, {0.5, 0.3, 0.2}},
        {{0.4, 0.3, 0.3}, {0.4, 0.3, 0.3}},
        {{0.6, 0.3, 0.1}, {0.1, 0.2, 0.7}}
    });

    private final Comparison comparison =
            Comparison.of(SHALLOW.withTop(3).result(), DEEP.withTop(3).result());

    @Test
    void whatDiffersIsWrittenTwice() {
        HeatMap map = ComparisonFigures.heatMap(comparison, Measure.TOTAL_VARIATION);
        assertEquals(List.of("0|1", "1|3"), map.rows());
        assertEquals(List.of("0", "a"), map.columns().get(0).head());
        assertEquals(List.of("1", "b|c"), map.columns().get(1).head());
        HeatMap.Cell first = map.columns().get(0).cells().get(0);
        assertEquals("a|b", first.word());
        assertEquals(0.7, first.value(), PRECISION);
        assertEquals(".70", first.number());
        assertEquals("a", map.columns().get(0).cells().get(1).word());
        assertTrue(map.note().startsWith("A: made, \"ab\". B: made, \"ac\""), map.note());
    }

    @Test
    void differencesHaveAScaleWhoseMiddleIsZero() {
        HeatMap map = ComparisonFigures.heatMap(comparison, Difference.TOP_PROBABILITY);
        assertEquals(ColorRamp.DIVERGING, map.scale().ramp());
        assertEquals(0.5, map.scale().position(0));
        assertEquals("+0.00", map.columns().get(1).cells().get(0).number());
        HeatMap none = ComparisonFigures.heatMap(comparison, Difference.of(Statistic.KL_FROM_FINAL));
        assertEquals("", none.columns().get(0).cells().get(0).number());
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void everyMeasureHasItsMapAndItsCurve(Measure measure) {
        HeatMap map = ComparisonFigures.heatMap(comparison, measure);
        assertTrue(
                map.scale().name().contains(ComparisonFigures.name(measure)),
                map.scale().name());
        LineChart chart = ComparisonFigures.byLayer(comparison, measure);
        assertEquals(
                comparison.mean(measure, 1),
                chart.curves().get(0).points().get(1).y());
        assertEquals(1, chart.curves().get(0).points().get(1).x(), "the last blocks meet at depth 1");
    }

    @Test
    void trajectoriesOfBothRunsGoThroughAllTheirLayers() {
        LineChart chart = ComparisonFigures.trajectories(comparison, 1);
        assertEquals(
                List.of("b in A", "b in B", "c in A", "c in B"),
                chart.curves().stream().map(LineChart.Curve::name).toList());
        assertEquals(2, chart.curves().get(0).points().size());
        assertEquals(4, chart.curves().get(1).points().size());
        assertEquals(0.5, chart.curves().get(0).points().get(0).x());
        assertEquals(0.25, chart.curves().get(1).points().get(0).x());
        assertEquals(0.7, chart.curves().get(3).points().get(3).y(), PRECISION);
    }

    @Test
    void aTokenThatOneRunDoesNotKnowIsAGap() {
        Comparison narrow = Comparison.of(SHALLOW.result(), DEEP.result());
        OverlaidTrajectory finalOfA = narrow.overlay(1).get(0);
        assertEquals("b", finalOfA.token().text());
        assertTrue(finalOfA.a().stream().allMatch(value -> value.isPresent()));
        assertTrue(finalOfA.b().stream().allMatch(value -> value.isEmpty()));
    }
}
