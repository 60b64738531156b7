package dev.stratalens.cli.summary;

import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;

/** A picture of a summary: a curve for each group, with a band from its lowest quantile to its highest. */
final class SummaryFigures {

    private SummaryFigures() {}

    /** @param quantiles shares, ascending */
    static LineChart chart(TableSummary summary, SummaryMeasure measure, List<Double> quantiles) {
        double low = quantiles.get(0);
        double high = quantiles.get(quantiles.size() - 1);
        List<Curve> curves = new ArrayList<>();
        for (SummaryGroup group : summary.groups()) {
            List<Point> points = new ArrayList<>();
            for (int layer : group.layers(measure)) {
                LayerSums sums = group.at(measure, layer).orElseThrow();
                points.add(new Point(layer, sums.mean(), sums.quantile(low), sums.quantile(high)));
            }
            if (!points.isEmpty()) {
                curves.add(new Curve("%s (%,d)".formatted(summary.name(group), group.documents()), points));
            }
        }
        return new LineChart(
                measure.title(),
                "%s, %,d documents%s. Means; bands from quantile %s to %s."
                        .formatted(summary.model(), summary.documents(), summary.gapsInBrackets(), low, high),
                Axis.layers(),
                axis(measure),
                curves);
    }

    private static Axis axis(SummaryMeasure measure) {
        return switch (measure.kind()) {
            case AMOUNT -> new Axis(measure.title(), Division.LINEAR, 0, Double.NaN);
            case PROBABILITY -> Axis.probability(measure.title());
            case RANK -> Axis.of(measure.title(), Division.RANK);
        };
    }
}
