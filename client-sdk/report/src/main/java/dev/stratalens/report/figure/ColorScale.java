package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Statistic.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** The color scale of a {@link HeatMap}: maps values to positions on a ramp of colors. Immutable. */
public final class ColorScale {

    /**
     * A label on the legend.
     *
     * @param position on the ramp, 0 .. 1
     * @param text the value there
     */
    public record Tick(double position, String text) {}

    private final String label;
    private final String unit;
    private final ColorRamp ramp;
    private final DoubleUnaryOperator places;
    private final List<Tick> ticks;
    private final OptionalDouble threshold;

    private ColorScale(
            String label,
            String unit,
            ColorRamp ramp,
            DoubleUnaryOperator places,
            List<Double> labeled,
            OptionalDouble threshold) {
        this.label = label;
        this.unit = unit;
        this.ramp = ramp;
        this.places = places;
        this.threshold = threshold;
        this.ticks = labeled.stream()
                .map(value -> new Tick(position(value), NumberText.plain(value)))
                .toList();
    }

    private ColorScale(String label, String zero, String one) {
        this.label = label;
        unit = "";
        ramp = ColorRamp.TWO_COLORS;
        places = DoubleUnaryOperator.identity();
        ticks = List.of(new Tick(0, zero), new Tick(1, one));
        threshold = OptionalDouble.empty();
    }

    /** Probabilities, 0 .. 1. */
    public static ColorScale probability(String label) {
        return linear(label, "", 0, 1);
    }

    /** Even steps from {@code low} to {@code high}. An empty range is widened. */
    public static ColorScale sequential(String label, String unit, double low, double high) {
        return linear(label, unit, low, high > low ? high : low + 1);
    }

    /**
     * A statistic, from its smallest to its largest value, the surer end at the end of the ramp. Ends that its
     * description leaves open are taken from the values.
     *
     * @param vocabularySize of the model
     * @param lowest of the values
     * @param highest of the values
     */
    public static ColorScale statistic(Statistic statistic, int vocabularySize, double lowest, double highest) {
        double low = statistic.minimum().orElse(lowest);
        double known = statistic.maximum(vocabularySize).orElse(highest);
        double high = known > low ? known : low + 1;
        return statistic.direction() == Direction.LESS_IS_SURER
                ? linear(statistic.label(), statistic.unit(), high, low)
                : linear(statistic.label(), statistic.unit(), low, high);
    }

    /** From the value at the beginning of the ramp to a different one at its end. */
    private static ColorScale linear(String label, String unit, double first, double last) {
        if (!(Math.abs(last - first) > 0)) {
            throw new IllegalArgumentException("a scale from %s to %s is empty".formatted(first, last));
        }
        List<Double> labeled = new ArrayList<>(Ticks.linear(Math.min(first, last), Math.max(first, last), 5));
        if (last < first) {
            Collections.reverse(labeled);
        }
        return new ColorScale(
                label,
                unit,
                ColorRamp.SEQUENTIAL,
                value -> (value - first) / (last - first),
                labeled,
                OptionalDouble.empty());
    }

    /**
     * Ranks, 1 = best, on a logarithmic scale, the best at the end of the ramp.
     *
     * @param worst the rank at the beginning of the ramp, 2 at least: the size of the vocabulary
     * @param threshold the rank up to which a token counts as found; the legend marks it
     */
    public static ColorScale rank(String label, int worst, int threshold) {
        int last = Math.max(2, worst);
        List<Double> labeled = new ArrayList<>(Ticks.powers(1, last, 6));
        Collections.reverse(labeled);
        return new ColorScale(
                label,
                "",
                ColorRamp.SEQUENTIAL,
                value -> 1 - Math.log(value) / Math.log(last),
                labeled,
                OptionalDouble.of(threshold));
    }

    /** Differences, symmetric around 0. A bound of 0 is widened. */
    public static ColorScale diverging(String label, String unit, double bound) {
        double end = bound > 0 ? bound : 1;
        return new ColorScale(
                label,
                unit,
                ColorRamp.DIVERGING,
                value -> (value / end + 1) / 2,
                Ticks.linear(-end, end, 5),
                OptionalDouble.empty());
    }

    /** Two values: 0 and 1. */
    public static ColorScale twoValued(String label, String zero, String one) {
        return new ColorScale(label, zero, one);
    }

    /** Label and unit in one text, for example {@code "entropy (nats)"}. */
    public String name() {
        return unit.isEmpty() ? label : label + " (" + unit + ")";
    }

    /** The colors. */
    public ColorRamp ramp() {
        return ramp;
    }

    /** Position of a value on the ramp, 0 .. 1; values beyond the scale take its ends, NaN is NaN. */
    public double position(double value) {
        double place = places.applyAsDouble(value);
        return Double.isNaN(place) ? place : Math.min(1, Math.max(0, place));
    }

    /** Labels of the legend, ascending. */
    public List<Tick> ticks() {
        return ticks;
    }

    /** A value that the legend marks. */
    OptionalDouble threshold() {
        return threshold;
    }
}
