package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lens fit} and {@code lens merge} with a tiny model. */
class LensFitTest {

    private static final int SECONDS_TO_WAIT = 120;

    @TempDir
    Path folder;

    private Path text;

    @BeforeEach
    void write() throws Exception {
        text = Files.writeString(
                folder.resolve("text.txt"),
                IntStream.range(0, 40)
                        .mapToObj(i -> "the café and the in is ".repeat(2 + i % 4) + i)
                        .collect(Collectors.joining("\n")));
    }

    /** Killed as no program can defend itself against. Which step that is does not matter. */
    @ParameterizedTest
    @ValueSource(strings = {"tuned", "jacobian"})
    void aProcessThatWasKilledIsTakenUpAgain(String kind) throws Exception {
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(CliRun.processOf(fit(kind, killed).toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_WAIT);
            while (!Files.exists(killed.resolve("fit.checkpoint"))) {
                assertTrue(process.isAlive() && System.nanoTime() < end, () -> log(folder.resolve("log")));
                Thread.sleep(1);
            }
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        assertFalse(Files.exists(killed.resolve("lens.safetensors")));

        CliRun resumed = CliRun.of(fit(kind, killed).toArray(String[]::new));
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertTrue(resumed.err().contains("Going on after step "), resumed.err());
        Path whole = folder.resolve("whole");
        CliRun atOnce = CliRun.of(fit(kind, whole).toArray(String[]::new));
        assertEquals(0, atOnce.exitCode(), atOnce.err());

        for (String file : List.of("lens.safetensors", "evaluation.json")) {
            assertEquals(-1, Files.mismatch(killed.resolve(file), whole.resolve(file)), file);
        }
        assertEquals(List.of("evaluation.json", "lens.safetensors"), names(killed));
        assertTrue(resumed.out().contains("read point"), resumed.out());
    }

    /** Long enough that a kill comes before the end, even of a process that is looked at seldom. */
    private List<String> fit(String kind, Path output) {
        List<String> words = new ArrayList<>(List.of("lens", "fit", "--kind", kind, "--model", CliRun.TINY.toString()));
        words.addAll(List.of("--text", text.toString(), "--output", output.toString(), "--seed", "3"));
        words.addAll(List.of("--threads", "1", "--save-every", "0", "--held-out", "50"));
        words.addAll(
                kind.equals("tuned")
                        ? List.of("--steps", "150", "--tokens-per-step", "20")
                        : List.of("--skip-first", "2", "--tolerance", "1e-9"));
        return words;
    }

    @Test
    void jacobianLensesAreMerged() throws Exception {
        List<Path> parts = List.of(folder.resolve("one"), folder.resolve("two"));
        for (Path part : parts) {
            List<String> words = fit("jacobian", part);
            words.addAll(List.of("--prompts", parts.indexOf(part) == 0 ? "2" : "3"));
            assertEquals(0, CliRun.of(words.toArray(String[]::new)).exitCode());
        }
        Path merged = folder.resolve("merged.safetensors");
        CliRun run = CliRun.of(
                "lens",
                "merge",
                parts.get(0).resolve("lens.safetensors").toString(),
                parts.get(1).resolve("lens.safetensors").toString(),
                "--output",
                merged.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("of 5 prompts"), run.err());
        assertTrue(CliRun.of("lens", "inspect", merged.toString()).out().contains("on prompts   5\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "tuned, --prompts, 3, --prompts is not an option of --kind tuned",
        "jacobian, --steps, 3, --steps is not an option of --kind jacobian",
        "tuned, --steps, 0, --steps 0: 1 or more is allowed",
        "tuned, --rate, -1, --rate -1.0: a number above 0 is allowed",
        "jacobian, --length, 17, --length 17: 18 or more is allowed",
        "jacobian, --threads, 0, --threads 0: 1 or more is allowed",
    })
    void optionsThatDoNotFitAreRefused(String kind, String option, String value, String message) {
        CliRun run = CliRun.of(
                "lens", "fit", "--kind", kind, "--text", text.toString(), "--output", folder.toString(), option, value);

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void sequencesBeyondTheContextAreRefused() {
        List<String> words = fit("tuned", folder.resolve("long"));
        words.addAll(List.of("--length", "33"));
        CliRun run = CliRun.of(words.toArray(String[]::new));

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains("--length 33: the model reads 32 tokens at most."), run.err());
    }

    @Test
    void aTextThatIsTooShortIsRefused() throws Exception {
        Files.writeString(text, "the café\n");
        CliRun run = CliRun.of(fit("jacobian", folder.resolve("none")).toArray(String[]::new));

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains("Give more documents, or longer ones."), run.err());
    }

    @Test
    void aLensIsNotOverwritten() throws Exception {
        Path output = Files.createDirectory(folder.resolve("lens"));
        Files.writeString(output.resolve("lens.safetensors"), "precious");
        CliRun run = CliRun.of(fit("tuned", output).toArray(String[]::new));

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("has a lens already"), run.err());
        assertEquals("precious", Files.readString(output.resolve("lens.safetensors")));
    }

    private static List<String> names(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String log(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
