package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;

/**
 * Whether the log-probability of every tracked token is followed through all asked layers. Tracked at a position are the
 * top-k of any asked block and the targets named by id or text.
 */
@AutoValue
public abstract class Trajectories {

    Trajectories() {}

    /** No trajectories. */
    public static Trajectories none() {
        return new AutoValue_Trajectories(false, 0);
    }

    /** All tracked tokens: the default. */
    public static Trajectories all() {
        return new AutoValue_Trajectories(true, 0);
    }

    /** Whether there are any. */
    public abstract boolean wanted();

    /** The probability that a token must reach at one layer or more, 0 .. 1; 0 = none. */
    public abstract double minimumPeak();

    /**
     * The same, of those tracked tokens alone whose probability reaches this at one layer or more.
     *
     * @param probability 0 .. 1; 0 = all. Targets named by id or text are always followed
     */
    public final Trajectories withMinimumPeak(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("minimum peak " + probability + " is no probability; give 0 .. 1");
        }
        return new AutoValue_Trajectories(wanted(), probability);
    }
}
