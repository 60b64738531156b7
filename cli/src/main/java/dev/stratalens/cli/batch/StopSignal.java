package dev.stratalens.cli.batch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets Ctrl-C or SIGTERM end a batch between two lines: asks it to stop, and holds the end of the process back until it
 * has, or for a few seconds.
 */
public final class StopSignal implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final Runnable stop;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Thread hook = new Thread(this::obey, "stratalens-batch-stop");
    private volatile boolean given;

    /**
     * Waits for the signal until it is closed.
     *
     * @param stop makes the batch end soon; run by another thread
     */
    public StopSignal(Runnable stop) {
        this.stop = stop;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether it came. */
    public boolean isGiven() {
        return given;
    }

    private void obey() {
        given = true;
        stop.run();
        // Not longer: a disk that hangs must not make the process immortal.
        ended.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Everything is written. */
    @Override
    public void close() {
        ended.complete(null);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending, which is what the hook is for
        }
    }
}
