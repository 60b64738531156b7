package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code batch} as a process that is stopped, killed or left alone by its server, on the embedded model. */
@Timeout(240)
class BatchProcessTest {

    private static final int PROMPTS = 48;
    private static final int KILLS = 4;
    private static final String PART_SIZE = "0.05";
    private static final double TOLERANCE = 1e-2;
    private static final Pattern SERVING = Pattern.compile("Serving demo on (127\\.0\\.0\\.1:\\d+) .*");

    @TempDir
    Path folder;

    private Path prompts = Path.of("");
    private Path results = Path.of("");

    @BeforeEach
    void writePrompts() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            lines.append("{\"id\": \"p%d\", \"text\": \"The capital of France is%s\"}\n"
                    .formatted(i, " Paris and".repeat(i * 7 % 40)));
        }
        prompts = Files.writeString(folder.resolve("prompts.jsonl"), lines);
        results = folder.resolve("results.jsonl");
    }

    @Test
    void killedAnywhereItContinuesAndLosesAndDoublesNothing() throws Exception {
        Path whole = folder.resolve("whole.jsonl");
        CliRun uninterrupted = CliRun.of("batch", prompts.toString(), "--output", whole.toString());
        assertEquals(0, uninterrupted.exitCode(), uninterrupted.err());

        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(results);
            awaitGrowth(process, random.nextLong(Files.size(whole) / (KILLS + 2)));
            process.destroyForcibly().waitFor();
        }
        assertEquals(0, await(start(results)), this::standardError);

        Map<String, JsonObject> expected = BatchLines.read(whole);
        Map<String, JsonObject> actual = BatchLines.read(results);
        assertEquals(PROMPTS, expected.size());
        assertEquals(expected.keySet(), actual.keySet(), () -> "seed " + seed);
        for (String id : expected.keySet()) {
            BatchLines.assertSameResult(
                    Objects.requireNonNull(expected.get(id)), Objects.requireNonNull(actual.get(id)));
        }
    }

    /** A part is readable only once it is whole; what is not in one yet is in the journal. */
    @Test
    void aTableThatIsKilledAnywhereLosesAndDoublesNothing() throws Exception {
        Path whole = folder.resolve("whole.parquet");
        CliRun uninterrupted =
                CliRun.of("batch", prompts.toString(), "--output", whole.toString(), "--part-size", PART_SIZE);
        assertEquals(0, uninterrupted.exitCode(), uninterrupted.err());

        results = folder.resolve("results.parquet");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(results, "--part-size", PART_SIZE);
            awaitGrowth(process, 1 + random.nextLong(folderSize(whole) / (KILLS + 2)));
            process.destroyForcibly().waitFor();
        }
        CliRun unfinished = CliRun.of("summarize", results.toString());
        assertTrue(unfinished.exitCode() == 2 || unfinished.exitCode() == 6, unfinished.out());
        assertTrue(unfinished.err().contains("the batch is unfinished"), unfinished.err());
        assertEquals(0, await(start(results, "--part-size", PART_SIZE)), this::standardError);
        assertEquals(0, CliRun.of("summarize", results.toString()).exitCode());

        String rows = "SELECT id, position, len(layer), list_sum(entropy) FROM TABLE ORDER BY id, position";
        List<List<String>> expected = DuckDb.query(whole, rows);
        List<List<String>> actual = DuckDb.query(results, rows);
        assertEquals(PROMPTS, Integer.parseInt(DuckDb.value(results, "SELECT count(DISTINCT id) FROM TABLE")));
        assertEquals(expected.size(), actual.size(), () -> "seed " + seed);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).subList(0, 3), actual.get(i).subList(0, 3), () -> "seed " + seed);
            assertEquals(
                    Double.parseDouble(expected.get(i).get(3)),
                    Double.parseDouble(actual.get(i).get(3)),
                    TOLERANCE);
        }
    }

    @Test
    void toldToEndItEndsBetweenTwoLinesAndSaysHowFarItCame() throws Exception {
        Process process = start(results);
        awaitGrowth(process, 1);
        process.destroy(); // SIGTERM, which takes the way of Ctrl-C
        assertEquals(143, await(process), this::standardError);

        String written = Files.readString(results);
        assertTrue(written.endsWith("}\n"), "the last line is complete");
        int done = BatchLines.read(results).size();
        assertTrue(done > 0 && done < PROMPTS, done + " done");
        String said = Files.readString(folder.resolve("out"));
        assertTrue(said.startsWith("%d of %d prompts are in ".formatted(done, PROMPTS)), said);
        assertTrue(said.contains("The same command continues."), said);

        CliRun rest = CliRun.of("batch", prompts.toString(), "--output", results.toString());
        assertEquals(0, rest.exitCode(), rest.err());
        assertTrue(rest.out().contains("Computed now: %d in ".formatted(PROMPTS - done)), rest.out());
        assertTrue(Files.readString(results).startsWith(written), "what was there is as it was");
    }

    @Test
    void aServerThatGoesAwayEndsItAndTheNextServerContinuesIt() throws Exception {
        Process first = serve();
        CliRunner run;
        try {
            run = new CliRunner(address(first));
            awaitGrowth(first, 1);
        } finally {
            first.destroyForcibly().waitFor();
        }
        CliRun cut = run.join();
        assertEquals(4, cut.exitCode(), cut.err());
        int done = BatchLines.read(results).size();
        assertTrue(done > 0 && done < PROMPTS, done + " done");

        Process second = serve();
        try {
            CliRun rest = new CliRunner(address(second)).join();
            assertEquals(0, rest.exitCode(), rest.err());
            assertTrue(rest.out().contains("Computed now: %d in ".formatted(PROMPTS - done)), rest.out());
            assertEquals(PROMPTS, BatchLines.read(results).size());
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    /** A limit on the size of files stands for a full disk. */
    @Test
    void aFullDiskEndsItAndWithRoomItContinues() throws Exception {
        Process server = serve();
        try {
            String address = address(server);
            List<String> words = new ArrayList<>(List.of("bash", "-c", "ulimit -f 256; exec \"$@\"", "bash"));
            words.addAll(
                    CliRun.processOf("batch", prompts.toString(), "--server", address, "--output", results.toString()));
            Process full = new ProcessBuilder(words)
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile())
                    .start();
            assertEquals(1, await(full), this::standardError);
            assertTrue(standardError().contains("the output cannot be written: "), standardError());
            assertTrue(standardError().contains("the same command continues"), standardError());
            long done = Files.readString(results).lines().count() - 1; // the last one is cut off

            CliRun rest = new CliRunner(address).join();
            assertEquals(0, rest.exitCode(), rest.err());
            assertTrue(done > 0 && rest.out().contains("Computed now: %d in ".formatted(PROMPTS - done)), rest.out());
            assertEquals(PROMPTS, BatchLines.read(results).size());
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** The command in this process, on a thread. */
    private final class CliRunner {
        private final Thread thread;
        private CliRun run = new CliRun(-1, "", "");

        CliRunner(String address) {
            thread = new Thread(() -> run = CliRun.of(
                    "batch",
                    "--server",
                    address,
                    "--in-flight",
                    "4",
                    prompts.toString(),
                    "--output",
                    results.toString()));
            thread.start();
        }

        CliRun join() throws InterruptedException {
            thread.join();
            return run;
        }
    }

    private Process start(Path output, String... more) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("batch", prompts.toString(), "--output", output.toString(), "--in-flight", "4"));
        words.addAll(List.of(more));
        return new ProcessBuilder(CliRun.processOf(words.toArray(String[]::new)))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private Process serve() throws IOException {
        return new ProcessBuilder(CliRun.processOf("serve", "--port", "0", "--model", "demo"))
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static String address(Process server) throws IOException {
        BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
        Matcher line = SERVING.matcher(String.valueOf(lines.readLine()));
        assertTrue(line.matches(), line.toString());
        return line.group(1);
    }

    /** Waits until the output has more bytes by that many, or the process has ended. */
    private void awaitGrowth(Process process, long bytes) throws IOException, InterruptedException {
        long from = size();
        while (process.isAlive() && size() < from + bytes) {
            Thread.sleep(1);
        }
    }

    private long size() throws IOException {
        if (Files.isDirectory(results)) {
            return folderSize(results);
        }
        return Files.exists(results) ? Files.size(results) : 0;
    }

    /** Of what is there at some moment, in a folder that another process changes. */
    private static long folderSize(Path folder) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try {
                    size += Files.size(file);
                } catch (NoSuchFileException e) {
                    // renamed meanwhile
                }
            }
        }
        return size;
    }

    private static int await(Process process) throws InterruptedException {
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "no end after two minutes");
        return process.exitValue();
    }

    private String standardError() {
        try {
            return Files.readString(folder.resolve("err"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
