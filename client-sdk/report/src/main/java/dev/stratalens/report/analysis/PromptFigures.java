package dev.stratalens.report.analysis;

import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.util.ArrayList;
import java.util.List;

/** Pictures of {@link PromptTypes}: a curve for each type, with a band of one standard deviation to both sides. */
public final class PromptFigures {

    private PromptFigures() {}

    /**
     * The mean of a quantity over the layers. Of ranks, it is the geometric mean, and the band is that of the logarithms.
     * Bands end where the quantity does.
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
                title(quantity),
                "%s, %d prompts. Bands: one standard deviation between prompts.".formatted(model, prompts.prompts()),
                Axis.layers(),
                axis(quantity),
                curves);
    }

    /** A quantity in words. */
    public static String title(PromptQuantity quantity) {
        return switch (quantity) {
            case ENTROPY -> "Entropy (nats)";
            case KL_FROM_FINAL -> "KL to final (nats)";
            case TARGET_PROBABILITY -> "Probability of the target";
            case TARGET_LOG_RANK -> "Rank of the target, geometric mean";
            case FINAL_PROBABILITY -> "Probability of the model's own prediction";
            case FINAL_LOG_RANK -> "Rank of the model's own prediction, geometric mean";
        };
    }

    private static Axis axis(PromptQuantity quantity) {
        return switch (quantity) {
            case ENTROPY, KL_FROM_FINAL -> new Axis(title(quantity), Division.LINEAR, 0, Double.NaN);
            case TARGET_PROBABILITY, FINAL_PROBABILITY -> Axis.probability(title(quantity));
            case TARGET_LOG_RANK, FINAL_LOG_RANK -> Axis.of(title(quantity), Division.RANK);
        };
    }

    private static Point point(PromptQuantity quantity, int layer, Moments moments) {
        double lower = Math.max(0, moments.mean() - moments.standardDeviation());
        double upper = moments.mean() + moments.standardDeviation();
        return switch (quantity) {
            case ENTROPY, KL_FROM_FINAL -> new Point(layer, moments.mean(), lower, upper);
            case TARGET_PROBABILITY, FINAL_PROBABILITY -> new Point(layer, moments.mean(), lower, Math.min(1, upper));
            case TARGET_LOG_RANK, FINAL_LOG_RANK ->
                new Point(layer, Math.pow(10, moments.mean()), Math.pow(10, lower), Math.pow(10, upper));
        };
    }
}
