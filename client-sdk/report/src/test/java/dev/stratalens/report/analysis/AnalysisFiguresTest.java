package dev.stratalens.report.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.fake.HandMadeResult;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorRamp;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AnalysisFiguresTest {

    private static final HandMadeResult RUN =
            new HandMadeResult(List.of(" the", " Paris", "Paris", " Rome"), List.of(-1, 0, 1), new double[][][] {
                {{.7, .1, .1, .1}, {.4, .3, .2, .1}},
                {{.5, .2, .2, .1}, {.25, .25, .25, .25}},
                {{.1, .6, .2, .1}, {.1, .2, .6, .1}}
            });

    @Test
    void ranksHaveARowALayerAndAColumnAPosition() {
        FollowedTokens next = FollowedTokens.target(RUN.with(2, LensTarget.nextToken()), 0);
        HeatMap map = AnalysisMaps.ranks(next, List.of(0, 1));
        assertEquals(List.of("embed", "0", "1"), map.rows());
        assertEquals(List.of("0", "·the", "⇒·Paris"), map.columns().get(0).head());
        assertEquals(
                new HeatMap.Cell(".20", 2, "2"), map.columns().get(0).cells().get(1));
        assertEquals(HeatMap.Cell.EMPTY, map.columns().get(1).cells().get(1));
        assertEquals(List.of("1", "·Paris", "-"), map.columns().get(1).head());
        assertEquals(1, AnalysisMaps.ranks(next, List.of(1)).columns().size());
    }

    @Test
    void logOddsStandOnBothSidesOfZero() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"), LensTarget.text(" Rome"));
        Contrast contrast = new Contrast(FollowedTokens.target(result, 0), FollowedTokens.target(result, 1));
        HeatMap map = AnalysisMaps.logOdds(contrast, List.of(0));
        assertEquals("+1.79", map.columns().get(0).cells().get(2).number()); // ln 6
        assertEquals(ColorRamp.DIVERGING, map.scale().ramp());
        LineChart chart = AnalysisCharts.logOdds(List.of(contrast), List.of(0, 1));
        assertEquals(
                List.of("·Paris - ·Rome at 0", "·Paris - ·Rome at 1"),
                chart.curves().stream().map(LineChart.Curve::name).toList());
    }

    @Test
    void summedTokensAreNamedByAllOfThem() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"), LensTarget.text("Paris"), LensTarget.text("paris"));
        TargetGroup group = new TargetGroup(
                "Paris", List.of(LensTarget.text(" Paris"), LensTarget.text("Paris"), LensTarget.text("paris")));
        FollowedTokens tokens = FollowedTokens.of(result, group).orElseThrow();
        assertEquals("·Paris + Paris", AnalysisMaps.shortName(tokens));
        assertEquals("·Paris, id 1", AnalysisMaps.name(FollowedTokens.target(result, 0)));
    }

    @Test
    void whatIsNotKnownIsAGapInACurve() {
        LensResult result = RUN.with(1);
        LineChart ranks = AnalysisCharts.ranks(result, TokenCurve.finalists(result, 0, 1));
        assertEquals("·Paris", ranks.curves().get(0).name());
        assertEquals(List.of(Double.NaN, Double.NaN, 1.0), values(ranks));
        LineChart depths =
                AnalysisCharts.depths(result, List.of(PositionDepth.of(FollowedTokens.finalTop(result), 0, 1)), 1);
        assertEquals(List.of(1.0), values(depths));
    }

    @Test
    void curvesByLayerAreMeansAndMedians() {
        LensResult result = RUN.with(1, LensTarget.text(" Paris"));
        LineChart mean =
                AnalysisCharts.meanByLayer(result, LensViews.statistic(result, Statistic.ENTROPY), "entropy (nats)");
        assertEquals(
                LensViews.statistic(result, Statistic.ENTROPY)
                        .overPositions(0)
                        .orElseThrow()
                        .mean(),
                values(mean).get(1));
        LineChart median = AnalysisCharts.medianRankByLayer(List.of(FollowedTokens.target(result, 0)), List.of(0, 1));
        assertEquals(List.of(2.0, 1.5, 1.5), values(median));
        assertEquals(LineChart.Division.RANK, median.y().division());
    }

    private static List<Double> values(LineChart chart) {
        return chart.curves().get(0).points().stream()
                .flatMapToDouble(point -> DoubleStream.of(point.y()))
                .boxed()
                .toList();
    }
}
