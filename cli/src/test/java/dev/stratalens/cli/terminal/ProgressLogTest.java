package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

class ProgressLogTest {

    @Test
    void aPhaseIsALineWhateverIsCountedInIt() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ProgressLog log = new ProgressLog(new PrintStream(written, true, StandardCharsets.UTF_8))) {
            log.show("starting");
            log.show("measuring", 1, 3);
            log.show("measuring", 2, 3);
            log.clear();
            log.say("a\u001b warning");
        }
        assertEquals(
                List.of("starting", "measuring, 1 of 3", "a\\u001b warning"),
                written.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(ProgressLogTest::withoutTime)
                        .toList());
    }

    @Test
    void aLongPhaseIsSaidAgainAndAgain() throws IOException {
        PipedInputStream read = new PipedInputStream();
        try (Scanner lines = new Scanner(read, StandardCharsets.UTF_8);
                ProgressLog log = new ProgressLog(
                        new PrintStream(new PipedOutputStream(read), true, StandardCharsets.UTF_8),
                        Duration.ofMillis(20))) {
            log.show("measuring", 1, 3);
            log.show("measuring", 2, 3);
            assertEquals("measuring, 1 of 3", withoutTime(lines.nextLine()));
            String next = withoutTime(lines.nextLine());
            while (next.equals("measuring, 1 of 3")) {
                next = withoutTime(lines.nextLine());
            }
            assertEquals("measuring, 2 of 3", next);
            assertEquals("measuring, 2 of 3", withoutTime(lines.nextLine()));
        }
    }

    private static String withoutTime(String line) {
        return line.replaceFirst("\\d+ s: ", "");
    }
}
