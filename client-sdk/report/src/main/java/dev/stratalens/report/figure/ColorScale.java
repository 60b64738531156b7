package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Statistic.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the colours of a {@link HeatMap} mean: where each value stands on a ramp of colours. */
public sealed interface ColorScale {

    /**
     * A label on the legend.
     *
     * @param position where on the ramp, 0 .. 1
     * @param text the value there
     */
    record Tick(double position, String text) {}

    /** What is measured, for example {@code "entropy"}. */
    String label();

    /** The unit, for example {@code "nats"}; empty if there is none. */
    String unit();

    /** The colours. */
    ColorRamp ramp();

    /** Where a value stands on the ramp, 0 .. 1; values beyond the scale stand at its ends, NaN is NaN. */
    double position(double value);

    /** Labels of the legend, ascending. */
    List<Tick> ticks();

    /** Label and unit in one text. */
    default String name() {
        return unit().isEmpty() ? label() : label() + " (" + unit() + ")";
    }

    /** Probabilities, 0 .. 1. */
    static ColorScale probability(String label) {
        return new Sequential(label, "", 0, 1);
    }

    /** Even steps from {@code low} to {@code high}. A range of nothing is widened. */
    static ColorScale sequential(String label, String unit, double low, double high) {
        return new Sequential(label, unit, low, high > low ? high : low + 1);
    }

    /**
     * A statistic, from its smallest to its largest value, the surer end at the end of the ramp. What its description leaves
     * open is taken from the values.
     *
     * @param vocabularySize of the model
     * @param lowest of the values
     * @param highest of the values
     */
    static ColorScale statistic(Statistic statistic, int vocabularySize, double lowest, double highest) {
        double low = statistic.minimum().orElse(lowest);
        double known = statistic.maximum(vocabularySize).orElse(highest);
        double high = known > low ? known : low + 1;
        return statistic.direction() == Direction.LESS_IS_SURER
                ? new Sequential(statistic.label(), statistic.unit(), high, low)
                : new Sequential(statistic.label(), statistic.unit(), low, high);
    }

    /**
     * Ranks, 1 = best, on a logarithmic scale, the best at the end of the ramp.
     *
     * @param worst the rank at the beginning of the ramp, 2 at least: the size of the vocabulary
     * @param threshold the rank up to which a token counts as found; the legend marks it
     */
    static ColorScale rank(String label, int worst, int threshold) {
        return new Rank(label, Math.max(2, worst), threshold);
    }

    /** Differences, both sides of 0 alike. A bound of nothing is widened. */
    static ColorScale diverging(String label, String unit, double bound) {
        return new Diverging(label, unit, bound > 0 ? bound : 1);
    }

    /** Two values: 0 and 1. */
    static ColorScale twoValued(String label, String zero, String one) {
        return new TwoValued(label, zero, one);
    }

    /**
     * See {@link #sequential}.
     *
     * @param first the value at the beginning of the ramp
     * @param last the value at its end, another
     */
    record Sequential(String label, String unit, double first, double last) implements ColorScale {
        /** Checks the range. */
        public Sequential {
            if (!(Math.abs(last - first) > 0)) {
                throw new IllegalArgumentException("a scale from %s to %s is empty".formatted(first, last));
            }
        }

        @Override
        public ColorRamp ramp() {
            return ColorRamp.SEQUENTIAL;
        }

        @Override
        public double position(double value) {
            return within((value - first) / (last - first));
        }

        @Override
        public List<Tick> ticks() {
            List<Double> values = new ArrayList<>(Ticks.linear(Math.min(first, last), Math.max(first, last), 5));
            if (last < first) {
                Collections.reverse(values);
            }
            return labelled(this, values);
        }
    }

    /** See {@link #rank}. */
    record Rank(String label, int worst, int threshold) implements ColorScale {
        /** Checks the bounds. */
        public Rank {
            if (worst < 2 || threshold < 1) {
                throw new IllegalArgumentException(
                        "ranks up to %d with a threshold of %d: worst must be 2 or more,".formatted(worst, threshold)
                                + " the threshold 1 or more");
            }
        }

        @Override
        public String unit() {
            return "";
        }

        @Override
        public ColorRamp ramp() {
            return ColorRamp.SEQUENTIAL;
        }

        @Override
        public double position(double value) {
            return within(1 - Math.log(value) / Math.log(worst));
        }

        @Override
        public List<Tick> ticks() {
            List<Double> ranks = new ArrayList<>(Ticks.powers(1, worst, 6));
            Collections.reverse(ranks);
            return labelled(this, ranks);
        }
    }

    /** See {@link #diverging}. */
    record Diverging(String label, String unit, double bound) implements ColorScale {
        /** Checks the bound. */
        public Diverging {
            if (!(bound > 0)) {
                throw new IllegalArgumentException("the bound " + bound + " is not above 0");
            }
        }

        @Override
        public ColorRamp ramp() {
            return ColorRamp.DIVERGING;
        }

        @Override
        public double position(double value) {
            return within((value / bound + 1) / 2);
        }

        @Override
        public List<Tick> ticks() {
            return labelled(this, Ticks.linear(-bound, bound, 5));
        }
    }

    /** See {@link #twoValued}. */
    record TwoValued(String label, String zero, String one) implements ColorScale {

        @Override
        public String unit() {
            return "";
        }

        @Override
        public ColorRamp ramp() {
            return ColorRamp.TWO_COLORS;
        }

        @Override
        public double position(double value) {
            return within(value);
        }

        @Override
        public List<Tick> ticks() {
            return List.of(new Tick(0, zero), new Tick(1, one));
        }
    }

    private static double within(double position) {
        return Double.isNaN(position) ? position : Math.min(1, Math.max(0, position));
    }

    private static List<Tick> labelled(ColorScale scale, List<Double> values) {
        return values.stream()
                .map(value -> new Tick(scale.position(value), NumberText.plain(value)))
                .toList();
    }
}
