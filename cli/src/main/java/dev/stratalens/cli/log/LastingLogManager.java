package dev.stratalens.cli.log;

import java.util.logging.LogManager;

/**
 * Logs until the process ends. The JDK's own manager takes all handlers away in a shutdown hook, which runs beside ours: what a
 * server says while it stops, and the lines of the last requests, would be lost.
 */
public final class LastingLogManager extends LogManager {

    /** Made by the JDK, by name. */
    public LastingLogManager() {}

    /** Does nothing: handlers write each line out at once, and the process ends anyway. */
    @Override
    public void reset() {}
}
