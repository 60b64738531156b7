package dev.stratalens.cli.terminal;

import dev.stratalens.engine.error.PrintableText;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Progress of long work for a file or a pipe: a line for each phase, and one at least every half minute, with the time since
 * the start. Thread-safe.
 */
public final class ProgressLog extends ProgressLine {

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);

    private final PrintStream error;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stratalens-progress");
        thread.setDaemon(true);
        return thread;
    });
    private String phase = "";
    private String latest = "";

    /** A log that begins now; close it. */
    public ProgressLog(PrintStream error) {
        this(error, LONGEST_SILENCE);
    }

    ProgressLog(PrintStream error, Duration silence) {
        super(error, false, 0);
        this.error = error;
        var unused =
                timer.scheduleAtFixedRate(this::repeat, silence.toMillis(), silence.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void show(String name) {
        show(name, name);
    }

    @Override
    public void show(String name, long done, long total, String words) {
        show(name, "%s, %d of %d%s".formatted(name, done, total, words.isEmpty() ? "" : ", " + words));
    }

    @Override
    public void showBytes(String name, long done, long total, String words) {
        show(name, "%s, %s of %s".formatted(name, ByteSize.text(done), ByteSize.text(total)));
    }

    private synchronized void show(String name, String line) {
        latest = line;
        if (!name.equals(phase)) {
            phase = name;
            say(line);
        }
    }

    private synchronized void repeat() {
        if (!latest.isEmpty()) {
            say(latest);
        }
    }

    @Override
    public void hint(String text) {
        say(text);
    }

    @Override
    public synchronized void say(String text) {
        String since = TimeText.text(Duration.ofNanos(System.nanoTime() - start));
        error.println(PrintableText.lines("%s: %s".formatted(since, text)));
    }

    @Override
    public void clear() {
        // Lines stay.
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
