package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream error = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void oneLineIsRewrittenAndTakenAway() {
        try (ProgressLine line = new ProgressLine(error, true, 80)) {
            line.show("loading demo");
            line.show("lens", 6, 12);
        }
        assertEquals(
                "\r\033[Kloading demo\r\033[Klens       ████████████░░░░░░░░░░░░ 6/12\r\033[K",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aLineIsNeverWiderThanTheTerminal() {
        try (ProgressLine line = new ProgressLine(error, true, 12)) {
            line.show("loading a model with a long name");
        }
        assertEquals("\r\033[Kloading a …\r\033[K", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsWrittenWhereNobodyLooks() {
        try (ProgressLine line = new ProgressLine(error, false, 80)) {
            line.show("lens", 1, 2);
        }
        assertEquals(0, bytes.size());
    }

    @Test
    void countedWorkShowsTheTimeLeftUntilItEndsSoon() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock may have any origin, and wrap
        try (ProgressLine line = new ProgressLine(error, true, 80, nanos::get)) {
            assertEquals("forward    ░░░░░░░░░░░░░░░░░░░░░░░░ 0/12", shown(() -> line.show("forward", 0, 12)));
            nanos.addAndGet(20_000_000_000L);
            assertEquals(
                    "forward    ████████░░░░░░░░░░░░░░░░ 4/12, about 40 s left",
                    shown(() -> line.show("forward", 4, 12)));
            nanos.addAndGet(36_000_000_000L);
            assertEquals(
                    "forward    ██████████████████████░░ 11/12, about 5 s left",
                    shown(() -> line.show("forward", 11, 12)));
            nanos.addAndGet(1_000_000_000L);
            assertEquals("forward    ████████████████████████ 12/12", shown(() -> line.show("forward", 12, 12)));
        }
    }

    @Test
    void eachPhaseHasATimeOfItsOwn() {
        AtomicLong nanos = new AtomicLong();
        try (ProgressLine line = new ProgressLine(error, true, 80, nanos::get)) {
            line.show("forward", 0, 12);
            nanos.addAndGet(20_000_000_000L);
            assertEquals("lens       ████████████░░░░░░░░░░░░ 6/12", shown(() -> line.show("lens", 6, 12)));
        }
    }

    @Test
    void theTimeLeftStandsBeforeWordsThatANarrowTerminalCuts() {
        AtomicLong nanos = new AtomicLong();
        try (ProgressLine line = new ProgressLine(error, true, 80, nanos::get)) {
            line.showBytes("download", 1_000_000_000, 5_000_000_000L, "");
            nanos.addAndGet(60_000_000_000L);
            assertEquals(
                    "download   █████████░░░░░░░░░░░░░░░ 2.0 GB of 5.0 GB, about 3 min left, 17 MB/…",
                    shown(() -> line.showBytes("download", 2_000_000_000, 5_000_000_000L, "17 MB/s, 1 of 3 files")));
        }
    }

    /** What the line shows after that. */
    private String shown(Runnable work) {
        bytes.reset();
        work.run();
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\033[K", "");
    }
}
