package dev.stratalens.bench.round;

import java.util.Arrays;

/**
 * What some samples of one quantity say.
 *
 * @param median middle sample, or the mean of the two
 * @param minimum smallest
 * @param maximum largest
 * @param count number of samples, 1 or more
 */
public record SampleSpread(double median, double minimum, double maximum, int count) {

    /** Sums samples up.
     *
     * @throws IllegalArgumentException if there are none, or one is not a number */
    public static SampleSpread of(double... samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("no spread of " + Arrays.toString(samples));
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new SampleSpread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /**
     * The smallest sample that a share of all does not exceed.
     *
     * @param share 0 .. 1
     */
    public static double percentile(double[] samples, double share) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
