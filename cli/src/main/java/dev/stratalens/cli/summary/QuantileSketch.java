package dev.stratalens.cli.summary;

import java.util.Arrays;

/**
 * Quantiles of numbers of 0 or more that are not kept: each is counted in a bucket whose borders grow by a constant factor, so that
 * a quantile is wrong by {@value #ERROR} of itself at most (DDSketch: Masson, Rim and Lee 2019, arXiv 1908.10693). Below
 * {@value #LEAST}, numbers count as 0. Not thread-safe.
 */
final class QuantileSketch {

    /** Largest relative error of a quantile. */
    static final double ERROR = 0.005;

    private static final double LEAST = 1e-9;
    private static final double GROWTH = (1 + ERROR) / (1 - ERROR);
    private static final double LOG_GROWTH = Math.log(GROWTH);
    private static final int ROOM = 64;

    private long total;
    private long zeros;
    private long[] counts = new long[0];
    /** Number of the first bucket. */
    private int first;

    /** Counts a number.
     *
     * @throws IllegalArgumentException if it is negative or no number */
    void add(double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(value + " is not 0 or more");
        }
        total++;
        if (value < LEAST) {
            zeros++;
            return;
        }
        int bucket = (int) Math.ceil(Math.log(value) / LOG_GROWTH);
        makeRoom(bucket);
        counts[bucket - first]++;
    }

    private void makeRoom(int bucket) {
        if (counts.length == 0) {
            first = bucket - ROOM / 2;
            counts = new long[ROOM];
        } else if (bucket < first) {
            int start = bucket - ROOM;
            long[] more = new long[counts.length + first - start];
            System.arraycopy(counts, 0, more, first - start, counts.length);
            counts = more;
            first = start;
        } else if (bucket >= first + counts.length) {
            counts = Arrays.copyOf(counts, bucket - first + ROOM);
        }
    }

    /**
     * The number below which a share of all numbers is, interpolated between the two beside it; NaN if there are none.
     *
     * @param share 0 .. 1: 0.5 for the median
     */
    double quantile(double share) {
        if (total == 0) {
            return Double.NaN;
        }
        double place = share * (total - 1);
        long below = (long) place;
        double lower = number(below);
        return lower + (place - below) * (number(Math.min(below + 1, total - 1)) - lower);
    }

    /** The number that has so many smaller ones before it. */
    private double number(long before) {
        long seen = zeros;
        if (before < seen) {
            return 0;
        }
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (before < seen) {
                return 2 * Math.pow(GROWTH, first + i) / (GROWTH + 1);
            }
        }
        throw new IllegalStateException("the counts do not add up");
    }
}
