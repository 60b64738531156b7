package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code eval corpus} as a process that is killed, and against a server, on the embedded model. */
@Timeout(240)
class EvalProcessTest {

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final int DOCUMENTS = 60;
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @Test
    void killedAnywhereItEndsWithTheSameNumbers() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            lines.append("The capital of France is Paris%s\n".formatted(" and it is".repeat(i * 7 % 20)));
        }
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), lines);
        Path sums = folder.resolve("sums.json");
        String whole = end(start(corpus, folder.resolve("whole.json")));

        long seed = System.nanoTime();
        Random random = new Random(seed);
        int killed = 0;
        int done = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(corpus, sums);
            int until = done + 1 + random.nextInt(DOCUMENTS / (KILLS + 2));
            while (process.isAlive() && linesIn(sums) < until) {
                Thread.sleep(1);
            }
            killed += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
            done = linesIn(sums);
        }
        assertTrue(killed > 0, "no kill came in time");
        String continued = end(start(corpus, sums));
        assertEquals(json(whole), json(continued), "seed " + seed);
    }

    private static JsonElement json(String text) {
        return JsonParser.parseString(text);
    }

    @Test
    void aServerGivesTheSame() throws Exception {
        Path questions = CliRun.ROOT.resolve("docs/examples/questions.jsonl");
        CliRun here = CliRun.of("eval", "questions", questions.toString(), "--format", "json");
        Process server = new ProcessBuilder(CliRun.processOf("serve", "--port", "0", "--model", "demo"))
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher address = ADDRESS.matcher(String.valueOf(said.readLine()));
            assertTrue(address.find(), "the server names no address");
            CliRun there = CliRun.of(
                    "eval", "questions", questions.toString(), "--format", "json", "--server", address.group());
            assertEquals(0, there.exitCode(), there.err());
            assertEquals(json(here.out()), json(there.out()));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private Process start(Path corpus, Path sums) throws IOException {
        return new ProcessBuilder(CliRun.processOf(
                        "eval",
                        "corpus",
                        corpus.toString(),
                        "--format",
                        "json",
                        "--sums",
                        sums.toString(),
                        "--save-every",
                        "0"))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    /** What it has written when it has ended. */
    private String end(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "no end after two minutes");
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("err")));
        return Files.readString(folder.resolve("out"));
    }

    private static int linesIn(Path sums) throws IOException {
        return Files.exists(sums)
                ? JsonParser.parseString(Files.readString(sums))
                        .getAsJsonObject()
                        .get("lines")
                        .getAsInt()
                : 0;
    }
}
