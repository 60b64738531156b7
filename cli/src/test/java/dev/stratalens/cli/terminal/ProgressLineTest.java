package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
}
