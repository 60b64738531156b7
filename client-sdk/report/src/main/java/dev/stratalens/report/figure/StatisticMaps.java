package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.figure.HeatMap.Cell;
import java.util.function.DoubleFunction;

/** Maps of the best tokens, colored by numbers of a cell that need no target. */
final class StatisticMaps {

    /** A number of a cell; NaN for none. */
    @FunctionalInterface
    private interface Values {
        double at(int layer, int position);
    }

    private StatisticMaps() {}

    static HeatMap probability(LensResult result) {
        return grid(result, (layer, position) -> result.top(layer, position).probability(), NumberText::probability)
                .heatMap(
                        "Likeliest next token at each position and its probability",
                        ColorScale.probability("probability"));
    }

    static HeatMap statistic(LensResult result, Statistic statistic) {
        if (!result.info().statistics().contains(statistic)) {
            throw new IllegalArgumentException("the result has no " + statistic.name()
                    + "; ask with LensRequest.Builder.statistics (--stats on the command line)");
        }
        LayerGrid grid = grid(
                result,
                (layer, position) ->
                        result.statistic(statistic, layer, position).orElse(Double.NaN),
                value -> Double.isNaN(value) ? "" : NumberText.decimals(value));
        return grid.heatMap(
                "Likeliest next token, colored by " + statistic.label(),
                ColorScale.statistic(
                        statistic, result.model().vocabularySize().orElse(0), grid.lowest(), grid.highest()));
    }

    static HeatMap logit(LensResult result) {
        LayerGrid grid = grid(
                result,
                (layer, position) -> result.top(layer, position).logProb()
                        + result.statistic(Statistic.LOG_SUM_EXP, layer, position)
                                .orElse(Double.NaN),
                NumberText::decimals);
        return grid.heatMap(
                "Likeliest next token, colored by its logit",
                ColorScale.sequential("logit", "", grid.lowest(), grid.highest()));
    }

    static HeatMap agreement(LensResult result) {
        return grid(
                        result,
                        (layer, position) -> result.top(layer, position).token().id()
                                        == result.finalTop(position).token().id()
                                ? 1
                                : 0,
                        value -> "")
                .heatMap(
                        "Likeliest next token, colored by whether it is the model's own",
                        ColorScale.twoValued("as the model's output", "no", "yes"));
    }

    private static LayerGrid grid(LensResult result, Values values, DoubleFunction<String> text) {
        return LayerGrid.ofPositions(result, result.positions(), (layer, position) -> {
            Prediction best = result.top(layer, position);
            double value = values.at(layer, position);
            return new Cell(best.token().display(), value, text.apply(value));
        });
    }
}
