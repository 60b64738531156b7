package dev.stratalens.server.scheduling.warmup;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** How far the warming of one model is, by passes of several lengths: the shortest takes half of the time, the others share the rest. */
final class WarmUpProgress {

    /** Of computing. */
    private static final Duration MOST_COMPUTING = Duration.ofSeconds(20);
    /** Of all: who waits for callers to leave is warmed by their requests. */
    private static final Duration MOST = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final long beganNanos;
    private final int shortest;
    private final Map<Integer, Duration> spent = new TreeMap<>();
    private final Settling settling = new Settling();
    private int passes;

    /** @param lengths of the prompts, ascending */
    WarmUpProgress(List<Integer> lengths, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        beganNanos = nanoTime.getAsLong();
        shortest = lengths.get(0);
        lengths.forEach(length -> spent.put(length, Duration.ZERO));
    }

    /** Whether passes get no faster, none can run, or it has gone on for long enough. */
    boolean isOver() {
        return spent.isEmpty()
                || settling.isSettled()
                || computed().compareTo(MOST_COMPUTING) >= 0
                || elapsed().compareTo(MOST) >= 0;
    }

    /** The length of the next prompt. Only if it is not over. */
    int next() {
        return spent.entrySet().stream()
                .min(Comparator.comparing(length -> share(length.getKey(), length.getValue())))
                .orElseThrow()
                .getKey();
    }

    /** The shortest counts for as many as the others together. */
    private Duration share(int length, Duration took) {
        return length == shortest ? took.dividedBy(Math.max(1, spent.size() - 1)) : took;
    }

    /** A pass over a prompt took so long. */
    void add(int length, Duration took) {
        passes++;
        spent.merge(length, took, Duration::plus);
        if (length == shortest) {
            settling.add(took);
        }
    }

    /** Prompts of this length cannot be computed here. */
    void leaveOut(int length) {
        spent.remove(length);
    }

    private Duration computed() {
        return spent.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - beganNanos);
    }

    @Override
    public String toString() {
        return "%s after %d ms: %d passes in %d ms"
                .formatted(
                        settling.isSettled() ? "is warm" : "is warmed up no further",
                        elapsed().toMillis(),
                        passes,
                        computed().toMillis());
    }
}
