package dev.stratalens.client.request;

import java.util.Objects;

/**
 * Whether and how the probability of every tracked token is followed through all asked layers. Tracked at a position are
 * the top-k of any asked block and the targets named by id or text.
 *
 * @param encoding how values travel
 * @param minimumPeak only tokens whose probability reaches this at one layer or more, 0 .. 1; 0 = all. Targets named by
 *     id or text are always followed.
 */
public record Trajectories(Encoding encoding, double minimumPeak) {

    /** How values travel. */
    public enum Encoding {
        /** No trajectories. */
        NONE,
        /** Probabilities in millionths: small, and off by at most 0.0000005. */
        PPM,
        /** Float32 log-probabilities. */
        FLOAT32
    }

    /** Checks the bounds. */
    public Trajectories {
        Objects.requireNonNull(encoding, "encoding");
        if (!(minimumPeak >= 0 && minimumPeak <= 1)) {
            throw new IllegalArgumentException("minimum peak " + minimumPeak + " is no probability; give 0 .. 1");
        }
    }

    /** No trajectories. */
    public static Trajectories none() {
        return new Trajectories(Encoding.NONE, 0);
    }

    /** All tracked tokens in millionths: the default. */
    public static Trajectories compact() {
        return new Trajectories(Encoding.PPM, 0);
    }

    /** All tracked tokens as float32 log-probabilities. */
    public static Trajectories exact() {
        return new Trajectories(Encoding.FLOAT32, 0);
    }

    /** The same with another minimum peak probability. */
    public Trajectories withMinimumPeak(double probability) {
        return new Trajectories(encoding, probability);
    }
}
