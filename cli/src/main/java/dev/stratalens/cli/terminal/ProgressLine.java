package dev.stratalens.cli.terminal;

import dev.stratalens.client.model.TimeLeft;
import dev.stratalens.engine.error.PrintableText;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * One line on standard error that is rewritten while work goes on, and gone when it is done. Counted work shows the time left,
 * too, unless it ends soon. Not thread-safe.
 */
public class ProgressLine implements AutoCloseable {

    private static final int BAR_WIDTH = 24;
    private static final long MINIMUM_NANOS_BETWEEN = 50_000_000;
    private static final String CLEAR = "\r\033[K";

    private final PrintStream error;
    private final boolean enabled;
    private final int columns;
    private final LongSupplier nanoTime;
    private String shown = "";
    private String shownPhase = "";
    private long shownAt;
    private String timedPhase = "";
    private TimeLeft timeLeft;

    /** A line that shows nothing yet.
     *
     * @param enabled false keeps it silent: standard error is not a terminal, or the user asked for quiet */
    public ProgressLine(PrintStream error, boolean enabled, int columns) {
        this(error, enabled, columns, System::nanoTime);
    }

    ProgressLine(PrintStream error, boolean enabled, int columns, LongSupplier nanoTime) {
        this.error = error;
        this.enabled = enabled;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.timeLeft = new TimeLeft(nanoTime);
    }

    /** Shows a phase whose length is not known. */
    public void show(String phase) {
        draw(phase, phase);
    }

    /** Shows a phase with a bar: {@code done} of {@code total} units. */
    public void show(String phase, long done, long total) {
        show(phase, done, total, "");
    }

    /** Shows a phase with a bar, and with words behind it where there is room. */
    public void show(String phase, long done, long total, String words) {
        show(phase, done, total, "%d/%d".formatted(done, total), words);
    }

    /** Shows a phase of bytes likewise. */
    public void showBytes(String phase, long done, long total, String words) {
        show(phase, done, total, "%s of %s".formatted(ByteSize.text(done), ByteSize.text(total)), words);
    }

    private void show(String phase, long done, long total, String amount, String words) {
        if (total <= 0) {
            show(phase);
            return;
        }
        int filled = (int) ((double) BAR_WIDTH * Math.max(0, Math.min(done, total)) / total);
        String bar = "%-10s %s%s %s".formatted(phase, "█".repeat(filled), "░".repeat(BAR_WIDTH - filled), amount);
        draw(phase, bar + timeLeft(phase, done, total) + (words.isEmpty() ? "" : ", " + words));
    }

    private String timeLeft(String phase, long done, long total) {
        if (!phase.equals(timedPhase)) {
            timedPhase = phase;
            timeLeft = new TimeLeft(nanoTime);
        }
        return TimeText.left(timeLeft.at(done, total));
    }

    /** Says something that stays where the line is shown, else nothing. */
    public void hint(String text) {
        if (enabled) {
            say(text);
        }
    }

    /** Takes the line away and says something that stays. What cannot be printed is escaped; line feeds are kept. */
    public void say(String text) {
        clear();
        error.println(PrintableText.lines(text));
    }

    /** Takes the line away, before something else is written. */
    public void clear() {
        if (!shown.isEmpty()) {
            error.print(CLEAR);
            error.flush();
            shown = "";
        }
    }

    @Override
    public void close() {
        clear();
    }

    private void draw(String phase, String line) {
        long now = nanoTime.getAsLong();
        boolean soon = phase.equals(shownPhase) && now - shownAt < MINIMUM_NANOS_BETWEEN;
        if (!enabled || soon || line.equals(shown)) {
            return;
        }
        error.print(CLEAR + DisplayWidth.shorten(PrintableText.of(line), columns - 1));
        error.flush();
        shown = line;
        shownPhase = phase;
        shownAt = now;
    }
}
