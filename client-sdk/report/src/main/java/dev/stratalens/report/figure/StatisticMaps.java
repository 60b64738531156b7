package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.figure.HeatMap.Cell;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** Best tokens coloured by what is known of a cell without a target. */
final class StatisticMaps {

    private static final String NATS = "nats";

    /** A number of a cell; NaN for none. */
    @FunctionalInterface
    private interface Values {
        double at(int layer, int position);
    }

    /** A statistic of a cell. */
    @FunctionalInterface
    private interface Optionals {
        OptionalDouble at(int layer, int position);
    }

    private StatisticMaps() {}

    static HeatMap probability(LensResult result) {
        return grid(result, (layer, position) -> result.top(layer, position).probability(), NumberText::probability)
                .heatMap(
                        "Likeliest next token at each position and its probability",
                        ColorScale.probability("probability"));
    }

    static HeatMap entropy(LensResult result) {
        return statistic(result, Statistic.ENTROPY, result::entropy)
                .heatMap("Likeliest next token, coloured by the prediction's entropy", "entropy");
    }

    static HeatMap klFromFinal(LensResult result) {
        return statistic(result, Statistic.KL_FROM_FINAL, result::klFromFinal)
                .heatMap("Likeliest next token, coloured by the layer's KL divergence from the output", "KL to final");
    }

    static HeatMap klFromNext(LensResult result) {
        return statistic(result, Statistic.KL_FROM_NEXT, result::klFromNext)
                .heatMap("Likeliest next token, coloured by KL divergence from the next layer", "KL to next");
    }

    static HeatMap logit(LensResult result) {
        LayerGrid grid = grid(
                result,
                (layer, position) -> result.top(layer, position).logProb()
                        + result.statistic(Statistic.LOG_SUM_EXP, layer, position).orElse(Double.NaN),
                NumberText::decimals);
        return grid.heatMap(
                "Likeliest next token, coloured by its logit",
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
                        "Likeliest next token, coloured by whether it is the model's own",
                        ColorScale.twoValued("as the model's output", "no", "yes"));
    }

    /** A grid on a scale from 0. */
    private record FromZero(LayerGrid grid) {
        HeatMap heatMap(String title, String label) {
            return grid.heatMap(title, ColorScale.sequential(label, NATS, 0, grid.highest()));
        }
    }

    private static FromZero statistic(LensResult result, Statistic statistic, Optionals values) {
        if (!result.info().statistics().contains(statistic)) {
            throw new IllegalArgumentException("the result has no " + statistic
                    + "; ask with LensRequest.Builder.statistics (--stats on the command line)");
        }
        return new FromZero(grid(
                result,
                (layer, position) -> values.at(layer, position).orElse(Double.NaN),
                value -> Double.isNaN(value) ? "" : NumberText.decimals(value)));
    }

    private static LayerGrid grid(LensResult result, Values values, DoubleFunction<String> text) {
        return LayerGrid.ofPositions(result, (layer, position) -> {
            Prediction best = result.top(layer, position);
            double value = values.at(layer, position);
            return new Cell(best.token().display(), value, text.apply(value));
        });
    }
}
