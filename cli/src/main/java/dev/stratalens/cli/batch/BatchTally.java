package dev.stratalens.cli.batch;

import dev.stratalens.cli.terminal.TimeText;
import java.time.Duration;
import java.util.Locale;

/** How far a batch is and how fast it goes. Not thread-safe. */
public final class BatchTally {

    private static final double NANOS_PER_SECOND = 1e9;

    private final int total;
    private final long startedAt = System.nanoTime();
    private int done;
    private int failed;
    private int computed;
    private long tokens;

    /** Begins to measure.
     *
     * @param total prompts
     * @param done how many of them are there from earlier runs
     * @param failed how many of those as errors */
    BatchTally(int total, int done, int failed) {
        this.total = total;
        this.done = done;
        this.failed = failed;
    }

    void addResult(int promptTokens) {
        done++;
        computed++;
        tokens += promptTokens;
    }

    void addFailure() {
        done++;
        computed++;
        failed++;
    }

    public int total() {
        return total;
    }

    /** With a result or an error, from this run or earlier ones. */
    public int done() {
        return done;
    }

    /** With an error, likewise. */
    public int failed() {
        return failed;
    }

    /** By this run. */
    public int computed() {
        return computed;
    }

    /** Such as {@code 3 failed, 34.2 prompts/s, 812 tokens/s}. */
    String progress() {
        return (failed == 0 ? "" : failed + " failed, ") + rate(seconds());
    }

    /** Such as {@code 36 in 2 s, 17.1 prompts/s, 240 tokens/s}. */
    public String pace() {
        double seconds = seconds();
        String time = seconds < 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : TimeText.text(Duration.ofMillis(Math.round(seconds * 1000)));
        return "%d in %s, %s".formatted(computed, time, rate(seconds));
    }

    private String rate(double seconds) {
        return String.format(Locale.ROOT, "%.1f prompts/s, %.0f tokens/s", computed / seconds, tokens / seconds);
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - startedAt) / NANOS_PER_SECOND;
    }
}
