package dev.stratalens.report.figure;

import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Division;
import java.util.List;
import java.util.stream.DoubleStream;

/** Positions of values along an axis, and its ticks. */
final class AxisScale {

    private static final double LOWEST_OF_LOG = 1e-12;

    private final Axis axis;
    private final double low;
    private final double high;

    /** An axis for some values; NaN among them is ignored. */
    AxisScale(Axis axis, DoubleStream values) {
        this.axis = axis;
        double[] drawn = values.filter(this::isDrawn).toArray();
        double least = DoubleStream.of(drawn).min().orElse(isLogarithmic() ? 1 : 0);
        double most = DoubleStream.of(drawn).max().orElse(1);
        double from = Double.isNaN(axis.low()) ? start(least, most) : axis.low();
        double to = Double.isNaN(axis.high()) ? end(from, most) : axis.high();
        low = from;
        high = to > from ? to : from + 1;
    }

    /** Whether a value has a position: on a logarithmic axis, only values above 0 do. */
    boolean isDrawn(double value) {
        return !Double.isNaN(value) && !Double.isInfinite(value) && (!isLogarithmic() || value >= LOWEST_OF_LOG);
    }

    /** 0 = the beginning of the axis, 1 = its end; beyond them for values outside. */
    double position(double value) {
        return switch (axis.division()) {
            case LINEAR, LAYER -> (value - low) / (high - low);
            case LOG -> Math.log(value / low) / Math.log(high / low);
            case RANK -> 1 - Math.log(value / low) / Math.log(high / low);
        };
    }

    /** Round values along the axis. */
    List<Double> ticks(int wanted) {
        return switch (axis.division()) {
            case LINEAR -> Ticks.linear(low, high, wanted);
            case LAYER -> Ticks.whole(low, high, wanted);
            case LOG, RANK -> Ticks.powers(low, high, wanted);
        };
    }

    /** Label of a tick. */
    String text(double value) {
        if (axis.division() == Division.LAYER && value < 0) {
            return "embed";
        }
        boolean tiny = axis.division() == Division.LOG && value < 0.001;
        return tiny ? "1e" + Math.round(Math.log10(value)) : NumberText.plain(value);
    }

    private boolean isLogarithmic() {
        return axis.division() == Division.LOG || axis.division() == Division.RANK;
    }

    /** Starts at 0 if that is near, else at a round value below the smallest. */
    private double start(double least, double most) {
        return switch (axis.division()) {
            case LAYER -> least;
            case RANK -> 1;
            case LOG -> Math.pow(10, Math.floor(Math.log10(least) + 1e-9));
            case LINEAR -> least >= 0 && least < 0.6 * most ? 0 : rounded(least, least, most, false);
        };
    }

    private double end(double from, double most) {
        return switch (axis.division()) {
            case LAYER -> most;
            case LOG, RANK -> Math.max(Math.pow(10, Math.ceil(Math.log10(most) - 1e-9)), 10 * from);
            case LINEAR -> rounded(most, from, most, true);
        };
    }

    private static double rounded(double value, double low, double high, boolean up) {
        if (!(high > low)) {
            return value;
        }
        double step = Ticks.step(low, high, 5);
        return step * (up ? Math.ceil(value / step - 1e-9) : Math.floor(value / step + 1e-9));
    }
}
