package dev.stratalens.report.analysis;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Analyses as curves over the layers, or over the positions. */
public final class AnalysisCharts {

    private AnalysisCharts() {}

    /** The evolution of tokens by probability. */
    public static LineChart probabilities(LensResult result, List<TokenCurve> curves) {
        return chart(
                result,
                curves,
                "Probability by layer",
                Axis.probability("probability"),
                (curve, index) -> curve.probability(index).orElse(Double.NaN));
    }

    /** The evolution of tokens by log-probability, which also shows unlikely ones. */
    public static LineChart logProbabilities(LensResult result, List<TokenCurve> curves) {
        return chart(
                result,
                curves,
                "Log-probability by layer",
                Axis.of("log-probability (nats)", Division.LINEAR),
                (curve, index) -> finite(curve.logProbs().get(index).orElse(Double.NaN)));
    }

    /** The evolution of tokens by rank; a gap where the rank is unknown. */
    public static LineChart ranks(LensResult result, List<TokenCurve> curves) {
        return chart(
                result,
                curves,
                "Rank by layer",
                Axis.of("rank", Division.RANK),
                (curve, index) -> real(curve.ranks().get(index)));
    }

    /** Log-odds of targets against an anti-target by layer, one curve per contrast and position. */
    public static LineChart logOdds(List<Contrast> contrasts, List<Integer> positions) {
        List<Curve> curves = new ArrayList<>();
        for (Contrast contrast : contrasts) {
            LensGrid grid = contrast.logOdds();
            for (int position : positions) {
                String name = "%s - %s"
                        .formatted(
                                AnalysisMaps.shortName(contrast.target()), AnalysisMaps.shortName(contrast.against()));
                curves.add(new Curve(
                        named(name, position, positions.size()),
                        points(grid.layers(), layer -> grid.at(layer, position))));
            }
        }
        return new LineChart(
                "Log-odds by layer: above 0 the first token is likelier",
                HeatMaps.note(contrasts.get(0).target().result()),
                Axis.layers(),
                Axis.of("log-odds (nats)", Division.LINEAR),
                curves);
    }

    /** Mean of a statistic over the positions, by layer. */
    public static LineChart meanByLayer(LensResult result, LensGrid grid, String label) {
        return new LineChart(
                over("Mean", grid.positions()),
                HeatMaps.note(result),
                Axis.layers(),
                Axis.of(label, Division.LINEAR),
                List.of(new Curve(label, summed(grid, Spread::mean))));
    }

    /** Median of ranks over the positions, by layer, one curve for each of the followed tokens. */
    public static LineChart medianRankByLayer(List<FollowedTokens> followed, List<Integer> positions) {
        return new LineChart(
                over("Median rank", positions),
                HeatMaps.note(followed.get(0).result()),
                Axis.layers(),
                Axis.of("rank", Division.RANK),
                followed.stream()
                        .map(tokens -> new Curve(
                                AnalysisMaps.shortName(tokens),
                                summed(LensViews.rank(tokens).at(positions), Spread::median)))
                        .toList());
    }

    /** The layers at which predictions appear and crystallize, by position. */
    public static LineChart depths(LensResult result, List<PositionDepth> depths, int rank) {
        return new LineChart(
                "Layer where each position's prediction forms",
                HeatMaps.note(result),
                Axis.of("position", Division.LINEAR),
                Axis.of("layer", Division.LINEAR),
                List.of(
                        depth("crystallization", depths, PositionDepth::crystallization),
                        depth("first appearance", depths, PositionDepth::firstAppearance),
                        depth("rank " + rank + " or better", depths, PositionDepth::firstWithin)));
    }

    /** A curve's number at a layer; NaN is a gap. */
    @FunctionalInterface
    private interface CurveValue {
        double at(TokenCurve curve, int layerIndex);
    }

    private static LineChart chart(
            LensResult result, List<TokenCurve> curves, String title, Axis axis, CurveValue value) {
        long positions = curves.stream().map(TokenCurve::position).distinct().count();
        return new LineChart(
                title,
                HeatMaps.note(result),
                Axis.layers(),
                axis,
                curves.stream()
                        .map(curve -> new Curve(
                                named(label(curve), curve.position(), (int) positions),
                                IntStream.range(0, curve.layers().size())
                                        .mapToObj(
                                                index -> Point.of(curve.layers().get(index), value.at(curve, index)))
                                        .toList()))
                        .toList());
    }

    private static double real(OptionalInt value) {
        return value.isEmpty() ? Double.NaN : value.getAsInt();
    }

    private static double finite(double value) {
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    private static String over(String number, List<Integer> positions) {
        return positions.size() == 1
                ? "At position %d, by layer".formatted(positions.get(0))
                : "%s over %d positions, by layer".formatted(number, positions.size());
    }

    private static String label(TokenCurve curve) {
        String tokens = curve.tokens().stream().map(Token::display).collect(Collectors.joining(" + "));
        return tokens.isEmpty() ? curve.name() : tokens;
    }

    private static String named(String name, int position, int positions) {
        return positions == 1 ? name : "%s at %d".formatted(name, position);
    }

    private static Curve depth(String name, List<PositionDepth> depths, Function<PositionDepth, OptionalInt> layer) {
        return new Curve(
                name,
                depths.stream()
                        .map(depth -> Point.of(depth.position(), real(layer.apply(depth))))
                        .toList());
    }

    private static List<Point> summed(LensGrid grid, ToDoubleFunction<Spread> number) {
        return points(
                grid.layers(),
                layer -> grid.overPositions(layer)
                        .map(spread -> OptionalDouble.of(number.applyAsDouble(spread)))
                        .orElse(OptionalDouble.empty()));
    }

    private static List<Point> points(List<Integer> layers, IntFunction<OptionalDouble> value) {
        return layers.stream()
                .map(layer -> Point.of(layer, value.apply(layer).orElse(Double.NaN)))
                .toList();
    }
}
