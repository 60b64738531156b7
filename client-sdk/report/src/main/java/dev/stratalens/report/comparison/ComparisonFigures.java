package dev.stratalens.report.comparison;

import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.comparison.Divergence.Measure;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * Pictures of a {@link Comparison}: one row per pair of layers, one column per pair of positions. If the tokens differ,
 * A's comes first: {@code ·Paris|·Rome}.
 */
public final class ComparisonFigures {

    private static final String BETWEEN = "|";
    private static final int SHORT_REVISION = 7;

    private final Comparison comparison;

    private ComparisonFigures(Comparison comparison) {
        this.comparison = comparison;
    }

    /** The best tokens of every cell, colored by the distance of the results. */
    public static HeatMap heatMap(Comparison comparison, Measure measure) {
        ComparisonFigures figures = new ComparisonFigures(comparison);
        ToDoubleBiFunction<Integer, Integer> values =
                (layer, position) -> comparison.divergence(layer, position).by(measure);
        ColorScale scale = switch (measure) {
            case TOTAL_VARIATION -> ColorScale.sequential(name(measure), "", 0, 1);
            case JENSEN_SHANNON -> ColorScale.sequential(name(measure), "nats", 0, Math.log(2));
            case KL_FROM_A, KL_FROM_B -> ColorScale.sequential(name(measure), "nats", 0, figures.largest(values));
        };
        DoubleFunction<String> number =
                measure == Measure.TOTAL_VARIATION ? NumberText::probability : NumberText::decimals;
        return figures.map("Best tokens of A and B, colored by how far apart they are at least", values, number, scale);
    }

    /**
     * The best tokens of every cell, colored by B's number minus A's: orange where B has more, blue where A has more.
     */
    public static HeatMap heatMap(Comparison comparison, Difference difference) {
        ComparisonFigures figures = new ComparisonFigures(comparison);
        ToDoubleBiFunction<Integer, Integer> values = (layer, position) ->
                comparison.difference(difference, layer, position).orElse(Double.NaN);
        ColorScale scale =
                ColorScale.diverging(difference.noun() + ", B minus A", difference.unit(), figures.largest(values));
        return figures.map(
                "Best tokens of A and B, colored by B's " + difference.noun() + " minus A's",
                values,
                NumberText::signed,
                scale);
    }

    /** Probabilities of the final tokens of both results, or of the targets, over the layers of both. */
    public static LineChart trajectories(Comparison comparison, int positionIndex) {
        ComparisonFigures figures = new ComparisonFigures(comparison);
        PositionPair pair = comparison.positions().get(positionIndex);
        List<Curve> curves = new ArrayList<>();
        for (OverlaidTrajectory overlaid : comparison.overlay(positionIndex)) {
            String token = overlaid.token().display();
            curves.add(new Curve(token + " in A", figures.points(comparison.a(), overlaid.a())));
            curves.add(new Curve(token + " in B", figures.points(comparison.b(), overlaid.b())));
        }
        String title = "Probabilities after %s (position %s)"
                .formatted(figures.token(pair), joined(pair.a(), pair.b(), Object::toString));
        return new LineChart(title, figures.note(), figures.across(), Axis.probability("probability"), curves);
    }

    /** The distance of the results by layer: mean over positions, and at the last pair of positions. */
    public static LineChart byLayer(Comparison comparison, Measure measure) {
        ComparisonFigures figures = new ComparisonFigures(comparison);
        int last = comparison.positions().size() - 1;
        List<Point> mean = new ArrayList<>();
        List<Point> atLast = new ArrayList<>();
        for (int layer = 0; layer < comparison.layers().size(); layer++) {
            double x =
                    figures.place(comparison.a(), comparison.layers().get(layer).a());
            mean.add(Point.of(x, comparison.mean(measure, layer)));
            atLast.add(Point.of(x, comparison.divergence(layer, last).by(measure)));
        }
        String at = "after " + figures.token(comparison.positions().get(last));
        Axis y = measure == Measure.TOTAL_VARIATION
                ? Axis.probability(name(measure))
                : Axis.of(name(measure) + " (nats)", Division.LINEAR);
        return new LineChart(
                "How far apart A and B are at least",
                figures.note(),
                figures.across(),
                y,
                List.of(new Curve("mean over positions", mean), new Curve(at, atLast)));
    }

    /** Name of a measure. */
    public static String name(Measure measure) {
        return switch (measure) {
            case TOTAL_VARIATION -> "total variation";
            case JENSEN_SHANNON -> "Jensen-Shannon divergence";
            case KL_FROM_A -> "KL(A || B)";
            case KL_FROM_B -> "KL(B || A)";
        };
    }

    private HeatMap map(
            String title,
            ToDoubleBiFunction<Integer, Integer> values,
            DoubleFunction<String> number,
            ColorScale scale) {
        List<HeatMap.Column> columns = new ArrayList<>();
        for (int position = 0; position < comparison.positions().size(); position++) {
            PositionPair pair = comparison.positions().get(position);
            List<Cell> cells = new ArrayList<>();
            for (int layer = 0; layer < comparison.layers().size(); layer++) {
                double value = values.applyAsDouble(layer, position);
                cells.add(new Cell(
                        best(layer, position),
                        value,
                        Double.isNaN(value) ? "" : number.apply(value),
                        reached(comparison.layers().get(layer), pair)));
            }
            columns.add(new HeatMap.Column(List.of(joined(pair.a(), pair.b(), Object::toString), token(pair)), cells));
        }
        List<String> rows = comparison.layers().stream()
                .map(layer -> joined(layer.a(), layer.b(), HeatMaps::layerName))
                .toList();
        return new HeatMap(title, note(), "layer", rows, List.of("position", "token"), columns, scale);
    }

    /** Whether the interventions of B, if A is B without them, can reach a cell. */
    private boolean reached(LayerPair layer, PositionPair position) {
        return effect().map(effect -> effect.reaches(ReadPoint.ofLayer(layer.b()), position.b()))
                .orElse(false);
    }

    private Optional<InterventionEffect> effect() {
        boolean isOwn =
                comparison.b().unchanged().filter(own -> own == comparison.a()).isPresent();
        return isOwn ? comparison.b().effect() : Optional.empty();
    }

    private String best(int layerIndex, int positionIndex) {
        LayerPair layer = comparison.layers().get(layerIndex);
        PositionPair position = comparison.positions().get(positionIndex);
        String ofA = comparison.a().top(layer.a(), position.a()).token().display();
        String ofB = comparison.b().top(layer.b(), position.b()).token().display();
        return comparison.isSameTop(layerIndex, positionIndex) ? ofA : ofA + BETWEEN + ofB;
    }

    private String token(PositionPair pair) {
        return joined(comparison.a().display(pair.a()), comparison.b().display(pair.b()), Function.identity());
    }

    private double largest(ToDoubleBiFunction<Integer, Integer> values) {
        return IntStream.range(0, comparison.layers().size())
                .boxed()
                .flatMapToDouble(
                        layer -> IntStream.range(0, comparison.positions().size())
                                .mapToDouble(position -> Math.abs(values.applyAsDouble(layer, position))))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    private List<Point> points(LensResult result, List<OptionalDouble> values) {
        List<Point> points = new ArrayList<>();
        for (int index = 0; index < values.size(); index++) {
            points.add(Point.of(
                    place(result, result.layers().get(index)), values.get(index).orElse(Double.NaN)));
        }
        return points;
    }

    private double place(LensResult result, int layer) {
        return comparison.layerAlignment().place(layer, result.model().layers());
    }

    private Axis across() {
        return comparison.layerAlignment() == LayerAlignment.LAYER
                ? Axis.layers()
                : new Axis("relative depth", Division.LINEAR, 0, 1);
    }

    private String note() {
        if (effect().isPresent()) {
            return "%s. A: unchanged. B: changed; the line surrounds the cells that the change can reach."
                    .formatted(name(comparison.a(), comparison.b()));
        }
        return "A: %s. B: %s.".formatted(name(comparison.a(), comparison.b()), name(comparison.b(), comparison.a()));
    }

    /**
     * Name of a result: its model, the revision if only that distinguishes it from the other, and the beginning of its
     * prompt.
     */
    public static String name(LensResult result, LensResult other) {
        String model = result.model().name();
        String revision = result.model().revision();
        boolean isRevision = model.equals(other.model().name())
                && !revision.equals(other.model().revision());
        if (isRevision) {
            model += "@" + revision.substring(0, Math.min(SHORT_REVISION, revision.length()));
        }
        String prompt = result.prompt().orElse(result.tokens().size() + " tokens");
        boolean isLong = prompt.codePointCount(0, prompt.length()) > 60;
        String shown = isLong ? prompt.substring(0, prompt.offsetByCodePoints(0, 59)) + "…" : prompt;
        String lens = HeatMaps.lensNote(result);
        return "%s, \"%s\"%s".formatted(model, shown.replace('\n', '⏎'), lens.isEmpty() ? "" : ", " + lens);
    }

    private static <T> String joined(T a, T b, Function<T, String> write) {
        return a.equals(b) ? write.apply(a) : write.apply(a) + BETWEEN + write.apply(b);
    }
}
