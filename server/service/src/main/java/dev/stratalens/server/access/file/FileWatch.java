package dev.stratalens.server.access.file;

import dev.stratalens.server.threads.Callback;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Reads files again when they change, on threads of its own: a disk or a server that does not answer keeps no call waiting.
 * It looks at the files rather than asking the system for events, which miss the links by which mounted secrets are replaced.
 */
public final class FileWatch implements AutoCloseable {

    /** How long a changed file may go unnoticed. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** One that waits for an answer holds up no other. */
    private static final int THREADS = 2;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "stratalens-files");
        thread.setDaemon(true);
        return thread;
    });

    /** Reads what files hold together. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * What they hold now.
         *
         * @throws IOException whose message names the file, what is wrong with it and what to do, and quotes no secret
         */
        T read() throws IOException;
    }

    /**
     * The value of files as they are: now, and after each change. If a change cannot be read, the value before it stays and the
     * log says why.
     *
     * @throws IOException if they cannot be read now
     */
    public <T> Supplier<T> read(List<Path> files, Reader<T> reader) throws IOException {
        WatchedFiles<T> watched = new WatchedFiles<>(files, reader);
        repeat(PERIOD, watched::look);
        return watched;
    }

    /** Does a task now and again after each period, on a thread of this watch. */
    public void repeat(Duration period, Runnable task) {
        Runnable look = Callback.repeatable("the look at a file", task);
        var unused = threads.scheduleWithFixedDelay(look, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
