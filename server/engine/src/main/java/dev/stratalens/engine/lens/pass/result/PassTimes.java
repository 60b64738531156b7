package dev.stratalens.engine.lens.pass.result;

import dev.stratalens.engine.lens.result.Interlude;
import java.time.Duration;

/** Measures the computing time of a pass, without its interludes. */
public final class PassTimes {

    private final Interlude interlude;
    private long start = System.nanoTime();
    private Duration forward = Duration.ZERO;

    public PassTimes(Interlude interlude) {
        this.interlude = interlude;
    }

    /** Takes an interlude. */
    public void takeInterlude() {
        long begin = System.nanoTime();
        interlude.take();
        start += System.nanoTime() - begin;
    }

    /** Marks the end of the forward pass and the start of the lens. */
    public void forwardEnds() {
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
