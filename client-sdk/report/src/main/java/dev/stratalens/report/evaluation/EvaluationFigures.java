package dev.stratalens.report.evaluation;

import dev.stratalens.client.request.Lens;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;

/** Pictures of {@link EvaluationSums}: a curve for each lens, with its 95 % interval as a band. */
public final class EvaluationFigures {

    private EvaluationFigures() {}

    /**
     * A measure over the layers.
     *
     * @param of what was evaluated, such as {@code demo, 200 documents}
     */
    public static LineChart chart(EvaluationSums sums, EvaluationMeasure measure, String of) {
        List<Curve> curves = new ArrayList<>();
        for (Lens lens : sums.lenses()) {
            List<Point> points = new ArrayList<>();
            for (int layer : sums.layers(lens)) {
                points.add(point(measure, layer, sums.estimate(new EvaluationSeries(lens, layer, measure))));
            }
            curves.add(new Curve(lens.map().orElse(lens.name()), points));
        }
        return new LineChart(
                measure.title(), "%s. Bands: 95 %% confidence.".formatted(of), Axis.layers(), axis(measure), curves);
    }

    private static Axis axis(EvaluationMeasure measure) {
        return switch (measure.kind()) {
            case AMOUNT -> new Axis(measure.title(), Division.LINEAR, 0, Double.NaN);
            case SHARE -> Axis.probability(measure.title());
            case LOG_RANK -> Axis.of(measure.title(), Division.RANK);
        };
    }

    private static Point point(EvaluationMeasure measure, int layer, Estimate estimate) {
        double lower = Math.max(0, estimate.mean() - estimate.margin());
        double upper = estimate.mean() + estimate.margin();
        return switch (measure.kind()) {
            case AMOUNT -> new Point(layer, estimate.mean(), lower, upper);
            case SHARE -> new Point(layer, estimate.mean(), lower, Math.min(1, upper));
            case LOG_RANK -> new Point(layer, Math.pow(10, estimate.mean()), Math.pow(10, lower), Math.pow(10, upper));
        };
    }
}
