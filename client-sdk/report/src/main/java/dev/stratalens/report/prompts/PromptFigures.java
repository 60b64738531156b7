package dev.stratalens.report.prompts;

import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;

/** Pictures of {@link PromptTypes}: a curve for each type, with a band of one standard deviation on both sides. */
public final class PromptFigures {

    private PromptFigures() {}

    /**
     * The mean of a quantity over the layers. For ranks, it is the geometric mean, and the band is that of the
     * logarithms. Bands are cut at the range of the quantity.
     */
    public static LineChart chart(PromptTypes prompts, PromptQuantity quantity) {
        List<Curve> curves = new ArrayList<>();
        for (PromptType type : prompts.types()) {
            if (type.has(quantity)) {
                List<Point> points = new ArrayList<>();
                for (int index = 0; index < prompts.layers().size(); index++) {
                    points.add(point(
                            quantity,
                            prompts.layers().get(index),
                            type.curve(quantity).get(index)));
                }
                curves.add(new Curve("%s (%d)".formatted(type.name(), type.prompts()), points));
            }
        }
        String model = prompts.model().map(known -> known.name()).orElse("");
        return new LineChart(
                quantity.title(),
                "%s, %d prompts. Bands: one standard deviation between prompts.".formatted(model, prompts.prompts()),
                Axis.layers(),
                axis(quantity),
                curves);
    }

    private static Axis axis(PromptQuantity quantity) {
        return switch (quantity.kind()) {
            case AMOUNT -> new Axis(quantity.title(), Division.LINEAR, 0, Double.NaN);
            case PROBABILITY -> Axis.probability(quantity.title());
            case LOG_RANK -> Axis.of(quantity.title(), Division.RANK);
        };
    }

    private static Point point(PromptQuantity quantity, int layer, Moments moments) {
        double lower = Math.max(0, moments.mean() - moments.standardDeviation());
        double upper = moments.mean() + moments.standardDeviation();
        return switch (quantity.kind()) {
            case AMOUNT -> new Point(layer, moments.mean(), lower, upper);
            case PROBABILITY -> new Point(layer, moments.mean(), lower, Math.min(1, upper));
            case LOG_RANK -> new Point(layer, Math.pow(10, moments.mean()), Math.pow(10, lower), Math.pow(10, upper));
        };
    }
}
