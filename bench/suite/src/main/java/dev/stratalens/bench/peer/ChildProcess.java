package dev.stratalens.bench.peer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that ends with this one, if not before. */
public final class ChildProcess {

    private final Process process;
    private final Thread reaper;

    public ChildProcess(Process process) {
        this.process = process;
        this.reaper = new Thread(process::destroyForcibly, "stratalens-bench-reaper");
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    public Process process() {
        return process;
    }

    /** Waits until it has ended by itself; ends it after that. */
    public void end(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            // this process ends, too
        }
    }
}
