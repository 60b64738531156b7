package dev.stratalens.client.model;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Estimates how long counted work still takes: its rate since the first report, carried on to the end. Says nothing in the
 * first second, where the rate is chance. Not thread-safe.
 */
public final class TimeLeft {

    private static final Duration WATCHED = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private boolean begun;
    private long beginning;
    private long doneBefore;

    /** Of work that begins with the first report. */
    public TimeLeft() {
        this(System::nanoTime);
    }

    /**
     * With a clock of its own.
     *
     * @param nanoTime nanoseconds from any origin, as {@link System#nanoTime()}
     */
    public TimeLeft(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a report.
     *
     * @param done units done, those before the first report included
     * @param total units in all; 0 while unknown
     * @return the time left; empty while it is not worth saying
     */
    public Optional<Duration> at(long done, long total) {
        long now = nanoTime.getAsLong();
        if (!begun || done < doneBefore) {
            begun = true;
            beginning = now;
            doneBefore = done;
        }
        long nanos = now - beginning;
        if (done == doneBefore || total <= 0 || nanos < WATCHED.toNanos()) {
            return Optional.empty();
        }
        double nanosPerUnit = (double) nanos / (done - doneBefore);
        return Optional.of(Duration.ofNanos((long) (nanosPerUnit * Math.max(0, total - done))));
    }
}
