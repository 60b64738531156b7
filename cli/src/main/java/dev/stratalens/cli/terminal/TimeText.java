package dev.stratalens.cli.terminal;

import java.time.Duration;
import java.util.Optional;

/** Durations for people. */
public final class TimeText {

    private static final Duration SOON = Duration.ofSeconds(2);

    private TimeText() {}

    /** To the second, such as {@code 26 s}, {@code 2 min 5 s} or {@code 3 h 1 min}. */
    public static String text(Duration time) {
        long seconds = Math.round(time.toMillis() / 1e3);
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d min %d s".formatted(seconds / 60, seconds % 60)
                : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
    }

    /**
     * What a line of progress adds, as exact as an estimate is: such as {@code , about 40 s left}; nothing where work ends
     * soon.
     */
    public static String left(Optional<Duration> time) {
        return time.filter(left -> left.compareTo(SOON) > 0)
                .map(left -> ", about %s left".formatted(rounded(left)))
                .orElse("");
    }

    private static String rounded(Duration time) {
        double seconds = time.toMillis() / 1e3;
        if (seconds < 57.5) {
            return (seconds < 10 ? Math.round(seconds) : 5 * Math.round(seconds / 5)) + " s";
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : text(Duration.ofMinutes(minutes));
    }
}
