package dev.stratalens.server.threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls code that must not end the calling thread, nor keep what comes after it from happening. */
public final class Callback {

    private static final Logger LOG = LoggerFactory.getLogger(Callback.class);

    private Callback() {}

    /**
     * Makes a call and logs what it throws, errors included.
     *
     * @param called what is called, for the log
     */
    public static void run(String called, Runnable call) {
        try {
            call.run();
        } catch (Throwable fault) {
            log(called, fault);
        }
    }

    /** A task for an executor that repeats it; one that throws would never be repeated. */
    public static Runnable repeatable(String called, Runnable task) {
        return () -> run(called, task);
    }

    /** Logs a fault, if there is memory for that. */
    public static void log(String where, Throwable fault) {
        try {
            LOG.error("Fault in {}", where, fault);
        } catch (Throwable nothingLeft) {
            // Without memory for a line of the log, going on is all that can be done.
        }
    }
}
