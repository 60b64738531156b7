package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.result.Interlude;
import java.time.Duration;

/** Computing time of a pass, without the interludes in which others computed. */
final class PassTimes {

    private final Interlude interlude;
    private long start = System.nanoTime();
    private Duration forward = Duration.ZERO;

    PassTimes(Interlude interlude) {
        this.interlude = interlude;
    }

    /** Lets others in. */
    void takeInterlude() {
        long begin = System.nanoTime();
        interlude.take();
        start += System.nanoTime() - begin;
    }

    /** The forward pass is done, the lens begins. */
    void forwardEnds() {
        long now = System.nanoTime();
        forward = Duration.ofNanos(now - start);
        start = now;
    }

    Duration forward() {
        return forward;
    }

    /** Since the forward pass. */
    Duration lens() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
