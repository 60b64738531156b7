package dev.stratalens.bench.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.terminal.ProgressLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundRunnerTest {

    @TempDir
    Path proc;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final ProgressLine line = new ProgressLine(new PrintStream(shown, true, StandardCharsets.UTF_8), true, 80);
    private long busyTicks;
    private int rounds;

    @BeforeEach
    void anIdleMachine() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self/status"), "Cpus_allowed_list:\t0\n");
        Files.writeString(proc.resolve("self/stat"), "1 (a) R 0 0 0 0 0 0 0 0 0 0 0 0 0 0 20");
        busy(0);
    }

    @Test
    void countsAsManyRoundsAsAskedFor() {
        Rounds measured = runner(3).run("x", round -> round.put("x", ++rounds));
        assertEquals(3, measured.of("x").count());
        assertTrue(rounds > 3, "warm-up does not count");
        String text = shown.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("measuring x"), text);
        assertTrue(text.contains("1/3"), text);
    }

    @Test
    void derivesWithinARound() {
        Rounds measured = runner(3).run("x", round -> {
            round.put("x", ++rounds);
            round.put("y", 2.0 * rounds);
        });
        assertEquals(new SampleSpread(2, 2, 2, 3), measured.of(round -> round.get("y") / round.get("x")));
        assertThrows(IllegalArgumentException.class, () -> measured.of("z"));
    }

    @Test
    void repeatsARoundThatSomethingDisturbed() {
        RoundRunner runner = runner(2);
        Rounds measured = runner.run("x", round -> {
            rounds++;
            if (rounds % 2 == 0) {
                busy(1000);
            }
            round.put("x", 1);
        });
        assertEquals(2, measured.of("x").count());
        assertTrue(measured.repeated() >= 1);
        assertEquals(0, measured.disturbed());
        assertEquals(measured.repeated(), runner.repeated());
    }

    @Test
    void givesUpWaitingForAQuietMachineAndSaysSo() {
        RoundRunner runner = runner(2);
        Rounds measured = runner.run("x", round -> {
            busy(1000);
            round.put("x", 1);
        });
        assertEquals(2, measured.of("x").count());
        assertEquals(2, runner.disturbed());
    }

    private RoundRunner runner(int repetitions) {
        return new RoundRunner(OptionalInt.of(repetitions), Duration.ofMillis(1), new CpuWatch(proc), line);
    }

    private void busy(long ticks) {
        busyTicks += ticks;
        try {
            Files.writeString(proc.resolve("stat"), "cpu0 %d 0 0 0 0 0 0 0\n".formatted(busyTicks));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
