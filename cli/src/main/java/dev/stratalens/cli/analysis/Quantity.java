package dev.stratalens.cli.analysis;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.LensViews;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.ColorMode.OfStatistic;
import dev.stratalens.report.figure.ColorMode.Own;

/**
 * What a cell's distribution is like, whatever its tokens are.
 *
 * @param key name of the number in JSON and CSV
 * @param label name of the number on an axis
 * @param mode what colors a heat map of it
 */
public record Quantity(String key, String label, ColorMode mode) {

    /** Highest logit. */
    public static final Quantity LOGIT = new Quantity("logit", "logit of the best token", Own.LOGIT);

    /** A statistic. */
    public static Quantity of(Statistic statistic) {
        String unit = statistic.unit().isEmpty() ? "" : " (" + statistic.unit() + ")";
        return new Quantity(statistic.name(), statistic.label() + unit, new OfStatistic(statistic));
    }

    /** Reads it off a result. */
    public LensGrid of(LensResult result) {
        return mode instanceof OfStatistic of
                ? LensViews.statistic(result, of.statistic())
                : LensViews.bestLogit(result);
    }
}
