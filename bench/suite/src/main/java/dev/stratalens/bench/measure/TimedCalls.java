package dev.stratalens.bench.measure;

import dev.stratalens.bench.round.SampleSpread;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Calls of one kind and the seconds that each took. Thread-safe. */
final class TimedCalls {

    private final Supplier<?> call;
    private final Queue<Double> seconds = new ConcurrentLinkedQueue<>();

    /** @param call makes one and waits for the answer */
    TimedCalls(Supplier<?> call) {
        this.call = call;
    }

    /** Makes one. */
    Object make() {
        long start = System.nanoTime();
        Object answer = call.get();
        seconds.add((System.nanoTime() - start) / 1e9);
        return answer;
    }

    /** The time that a share of them, 0 .. 1, did not exceed. */
    double percentile(double share) {
        return SampleSpread.percentile(
                seconds.stream().mapToDouble(Double::doubleValue).toArray(), share);
    }
}
