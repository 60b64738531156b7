package dev.stratalens.bench.round;

import dev.stratalens.server.scheduling.warmup.Settling;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Calls something until it gets no faster. A JVM compiles what it runs often, for some hundred calls; meanwhile its compiler
 * takes a core, and products that wait for that core take up to twice as long.
 */
public final class SettledCalls {

    private static final double MOST_SECONDS = 20;

    private SettledCalls() {}

    /**
     * Calls until that gets no faster, or for 20 seconds.
     *
     * @param call makes one call and gives its seconds
     */
    public static void settle(DoubleSupplier call) {
        var settling = new Settling();
        double elapsed = 0;
        while (!settling.isSettled() && elapsed < MOST_SECONDS) {
            double seconds = call.getAsDouble();
            settling.add(Duration.ofNanos(Math.round(seconds * 1e9)));
            elapsed += seconds;
        }
    }
}
