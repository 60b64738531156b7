package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.result.Interlude;
import java.time.Duration;

/** Measures the computing time of a pass, without its interludes. */
final class PassTimes {

    private final Interlude interlude;
    private long start = System.nanoTime();
    private Duration forward = Duration.ZERO;

    PassTimes(Interlude interlude) {
        this.interlude = interlude;
    }

    /** Takes an interlude. */
    void takeInterlude() {
        long begin = System.nanoTime();
        interlude.take();
        start += System.nanoTime() - begin;
    }

    /** Marks the end of the forward pass and the start of the lens. */
    void forwardEnds() {
        long now = System.nanoTime();
        forward = Duration.ofNanos(now - start);
        start = now;
    }

    Duration forward() {
        return forward;
    }

    /** Time since the forward pass. */
    Duration lens() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
