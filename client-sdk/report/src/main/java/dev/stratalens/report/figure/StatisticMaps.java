package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.LayerGrid.Rows;
import java.util.function.DoubleFunction;

/** Maps of the best tokens, colored by numbers of a cell that need no target. */
final class StatisticMaps {

    /** A number of a cell; NaN for none. */
    @FunctionalInterface
    private interface Values {
        double at(LayerResult row, int position);
    }

    private StatisticMaps() {}

    static HeatMap probability(LensResult result) {
        return grid(result, (row, position) -> row.top(position).probability(), NumberText::probability)
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
                (row, position) -> row.statistic(statistic, position).orElse(Double.NaN),
                value -> Double.isNaN(value) ? "" : NumberText.decimals(value));
        return grid.heatMap(
                "Likeliest next token, colored by " + statistic.label(),
                ColorScale.statistic(
                        statistic, result.model().vocabularySize().orElse(0), grid.lowest(), grid.highest()));
    }

    static HeatMap logit(LensResult result) {
        LayerGrid grid = grid(
                result,
                (row, position) -> row.top(position).logProb()
                        + row.statistic(Statistic.LOG_SUM_EXP, position).orElse(Double.NaN),
                NumberText::decimals);
        return grid.heatMap(
                "Likeliest next token, colored by its logit",
                ColorScale.sequential("logit", "", grid.lowest(), grid.highest()));
    }

    static HeatMap agreement(LensResult result) {
        return grid(
                        result,
                        (row, position) -> row.top(position).token().id()
                                        == result.finalTop(position).token().id()
                                ? 1
                                : 0,
                        value -> "")
                .heatMap(
                        "Likeliest next token, colored by whether it is the model's own",
                        ColorScale.twoValued("as the model's output", "no", "yes"));
    }

    private static LayerGrid grid(LensResult result, Values values, DoubleFunction<String> text) {
        return LayerGrid.ofPositions(result, Rows.READ_POINTS, result.positions(), (row, position) -> {
            Prediction best = row.top(position);
            double value = values.at(row, position);
            return new Cell(best.token().display(), value, text.apply(value));
        });
    }
}
