package dev.stratalens.report.analysis;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How numbers spread.
 *
 * @param count how many there are, 1 or more
 * @param mean their arithmetic mean
 * @param median the middle one, or the mean of the two in the middle
 * @param lowest the lowest
 * @param highest the highest
 */
public record Spread(int count, double mean, double median, double lowest, double highest) {

    /** The spread of those numbers that are numbers; empty if none is. NaN stands for a missing one. */
    public static Optional<Spread> of(double... values) {
        double[] sorted = DoubleStream.of(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        int count = sorted.length;
        if (count == 0) {
            return Optional.empty();
        }
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        double mean = Arrays.stream(sorted).average().orElseThrow();
        return Optional.of(new Spread(count, mean, median, sorted[0], sorted[count - 1]));
    }
}
