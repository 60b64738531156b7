package dev.stratalens.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the server logs while this is open. */
public final class LoggedLines extends Handler implements AutoCloseable {

    private static final Logger SERVER = Logger.getLogger("dev.stratalens.server");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LoggedLines() {}

    public static LoggedLines collect() {
        LoggedLines lines = new LoggedLines();
        SERVER.addHandler(lines);
        return lines;
    }

    public List<String> all(Predicate<String> wanted) {
        return lines.stream().filter(wanted).toList();
    }

    /** Waits for a line: a server writes that of a call after the client has its answer. */
    public String await(Predicate<String> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        synchronized (this) {
            while (all(wanted).isEmpty() && System.nanoTime() < deadline) {
                wait(100);
            }
        }
        return all(wanted).stream().findFirst().orElseThrow(() -> new AssertionError("no such line in " + lines));
    }

    @Override
    public synchronized void publish(LogRecord record) {
        lines.add(record.getMessage());
        notifyAll();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        SERVER.removeHandler(this);
    }
}
