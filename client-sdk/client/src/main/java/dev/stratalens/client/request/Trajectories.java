package dev.stratalens.client.request;

/**
 * Whether the log-probability of every tracked token is followed through all asked layers. Tracked at a position are the
 * top-k of any asked block and the targets named by id or text.
 *
 * @param wanted whether there are any
 * @param minimumPeak only tokens whose probability reaches this at one layer or more, 0 .. 1; 0 = all. Targets named by
 *     id or text are always followed.
 */
public record Trajectories(boolean wanted, double minimumPeak) {

    /** Checks the bounds. */
    public Trajectories {
        if (!(minimumPeak >= 0 && minimumPeak <= 1)) {
            throw new IllegalArgumentException("minimum peak " + minimumPeak + " is no probability; give 0 .. 1");
        }
    }

    /** No trajectories. */
    public static Trajectories none() {
        return new Trajectories(false, 0);
    }

    /** All tracked tokens: the default. */
    public static Trajectories all() {
        return new Trajectories(true, 0);
    }

    /** The same with another minimum peak probability. */
    public Trajectories withMinimumPeak(double probability) {
        return new Trajectories(wanted, probability);
    }
}
