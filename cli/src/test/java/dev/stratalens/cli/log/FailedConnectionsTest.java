package dev.stratalens.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailedConnectionsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FailedConnections filter = new FailedConnections();

    @Test
    void aLineSaysWhyAndHasNoStackTrace() {
        LogRecord record = failed(0);
        filter.isLoggable(record);
        assertNull(record.getThrown());
        assertEquals("A connection failed: not HTTP/2", record.getMessage());
    }

    @Test
    void aFloodHasAFewLinesAndTheNextOneCountsTheOthers() {
        assertEquals(
                20,
                IntStream.range(0, 120)
                        .filter(i -> filter.isLoggable(failed(5)))
                        .count());
        LogRecord next = failed(16);
        filter.isLoggable(next);
        assertEquals("A connection failed: not HTTP/2 (100 before it have no line)", next.getMessage());
    }

    @Test
    void aClockThatIsSetBackHidesNothing() {
        IntStream.range(0, 20).forEach(i -> filter.isLoggable(failed(86_400)));

        assertTrue(filter.isLoggable(failed(0)));
    }

    private static LogRecord failed(int second) {
        LogRecord record = new LogRecord(Level.INFO, "Transport failed");
        record.setInstant(START.plusSeconds(second));
        record.setThrown(new IOException("not HTTP/2"));
        return record;
    }
}
