package dev.stratalens.cli.log;

import java.time.Duration;
import java.time.Instant;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Logs connections that fail, such as those of a port scanner, in a line each without a stack trace, and no more than a few in a
 * while: strangers must not be able to fill the log. Thread-safe.
 */
final class FailedConnections implements Filter {

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int MOST = 20;
    private static final int MAX_TEXT = 200;

    private Instant begun = Instant.MIN;
    private long seen;

    /** Rewrites the record; false for one too many. */
    @Override
    public synchronized boolean isLoggable(LogRecord record) {
        long leftOut = 0;
        // The clock may have been set back meanwhile.
        if (Duration.between(begun, record.getInstant()).abs().compareTo(PERIOD) > 0) {
            leftOut = seen - MOST;
            begun = record.getInstant();
            seen = 0;
        }
        String cause = record.getThrown() == null
                ? record.getMessage()
                : record.getThrown().getMessage();
        String text = String.valueOf(cause);
        record.setThrown(null);
        record.setParameters(null);
        record.setMessage(
                "A connection failed: " + (text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text)
                        + (leftOut > 0 ? " (" + leftOut + " before it have no line)" : ""));
        return ++seen <= MOST;
    }
}
