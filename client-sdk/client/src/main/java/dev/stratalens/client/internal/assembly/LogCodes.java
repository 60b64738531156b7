package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

/**
 * Fixed-point logarithms of numbers of 0 or more: {@code code = round(scale ln(1 + x))}.
 *
 * @param scale steps of a unit of ln(1 + x)
 */
record LogCodes(int scale) {

    /** In cells. */
    static final LogCodes CELL = new LogCodes(1024);

    /** In trajectories: a cell's code, shifted right by {@link #SHIFT}, is one of theirs. */
    static final LogCodes TRAJECTORY = new LogCodes(256);

    /** From a cell's code to a trajectory's. */
    static final int SHIFT = 2;

    /** ln(1 + x) of the largest finite float is 88.7. */
    private static final int LARGEST = 88;

    /** Adds a difference to a code; refuses what is no code. */
    int add(int code, int difference, String chunk) {
        long sum = (long) code + difference;
        require(sum >= 0 && sum <= (long) LARGEST * scale, "%s: a difference leads to the code %d", chunk, sum);
        return (int) sum;
    }

    /** x, an entropy or a divergence. */
    float value(int code) {
        return (float) Math.expm1(code / (double) scale);
    }

    /** -x, a log-probability. */
    float logProb(int code) {
        return (float) (0 - Math.expm1(code / (double) scale));
    }
}
