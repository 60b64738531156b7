package dev.stratalens.bench.round;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Calls something until it gets no faster. A JVM compiles what it runs often, for some hundred calls; meanwhile its compiler
 * takes a core, and products that wait for that core take up to twice as long.
 */
public final class Settling {

    private static final int CALLS = 20;
    private static final double BLOCK_SECONDS = 2;
    private static final double MOST_SECONDS = 20;
    private static final double GAIN = 0.03;

    /** Blocks of calls without gain in a row that end it. */
    private static final int STEADY = 2;

    private Settling() {}

    /**
     * Calls until the median of a block of calls is no longer 3 % below the least so far, twice, or for 20 seconds.
     *
     * @param call makes one call and gives its seconds
     */
    public static void settle(DoubleSupplier call) {
        double least = Double.POSITIVE_INFINITY;
        double elapsed = 0;
        int steady = 0;
        while (steady < STEADY && elapsed < MOST_SECONDS) {
            List<Double> block = new ArrayList<>();
            double blockSeconds = 0;
            while (block.size() < CALLS && blockSeconds < BLOCK_SECONDS) {
                double seconds = call.getAsDouble();
                block.add(seconds);
                blockSeconds += seconds;
            }
            double median = SampleSpread.of(
                            block.stream().mapToDouble(Double::doubleValue).toArray())
                    .median();
            steady = median < least * (1 - GAIN) ? 0 : steady + 1;
            least = Math.min(least, median);
            elapsed += blockSeconds;
        }
    }
}
