package dev.stratalens.report.analysis;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Spread of some numbers.
 *
 * @param count number of them, 1 or more
 * @param mean their arithmetic mean
 * @param median the middle one, or the mean of the two in the middle
 * @param lowest the lowest
 * @param highest the highest
 */
public record Spread(int count, double mean, double median, double lowest, double highest) {

    /** Spread of the numbers that are not NaN; empty if there is none. NaN is a missing number. */
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
