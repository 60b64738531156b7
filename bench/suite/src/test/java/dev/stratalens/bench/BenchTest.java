package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the benchmark with a server in a process of its own; how long things take does not matter here. */
class BenchTest {

    private static List<JsonObject> report(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--repetitions", "1", "--warm-up", "0", "--format", "jsonl"));
        all.addAll(List.of(arguments));
        BenchRun run = BenchRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        List<JsonObject> lines = lines(run.out());
        assertTrue(lines.get(lines.size() - 1).has("complete"), run.out());
        return lines;
    }

    private static List<JsonObject> lines(String text) {
        return text.lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static List<JsonObject> figures(List<JsonObject> report) {
        return report.stream().filter(line -> line.has("part")).toList();
    }

    private static String notes(List<JsonObject> report) {
        return report.stream()
                .filter(line -> line.has("note"))
                .map(line -> line.get("note").getAsString())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Set<String>> names(List<JsonObject> report) {
        return figures(report).stream()
                .collect(Collectors.groupingBy(
                        figure -> figure.get("part").getAsString(),
                        Collectors.mapping(figure -> figure.get("name").getAsString(), Collectors.toSet())));
    }

    @Test
    void measuresEveryPartOnTheDemoModel() {
        List<JsonObject> report = report("--tokens", "5", "--callers", "2", "--calls", "16", "--soak", "2");

        JsonObject facts = report.get(0);
        assertEquals("llama", facts.getAsJsonObject("model").get("architecture").getAsString());
        assertTrue(facts.getAsJsonObject("machine").keySet().containsAll(Set.of("cores", "java", "pytorch")));
        Map<String, Set<String>> named = names(report);
        assertEquals(
                Set.of(
                        "end to end",
                        "time to first cell",
                        "tokens x layers",
                        "bytes of the stream",
                        "stream / V2 JSON"),
                named.get("speed"));
        assertEquals(
                Set.of("bare forward pass", "bare products", "whole lens", "bare work / whole lens"),
                named.get("efficiency"));
        assertEquals(
                Set.of(
                        "end to end",
                        "lens in the server",
                        "lens in this process",
                        "overhead",
                        "overhead / lens in the server"),
                named.get("overhead"));
        assertEquals(
                Stream.of("p50", "p95", "p99")
                        .flatMap(name -> Stream.of(", Java client", ", bare stubs", ", difference")
                                .map(name::concat))
                        .collect(Collectors.toSet()),
                named.get("client"));
        assertEquals(
                Set.of("tokens, with the lens", "tokens, without", "with the lens / without"), named.get("generate"));
        assertEquals(
                Set.of(
                        "throughput of 1 caller",
                        "throughput",
                        "latency p50",
                        "latency p95",
                        "gain over 1 caller",
                        "gain that one packed pass allows",
                        "gain / what the packed pass allows",
                        "latency p95 / p50",
                        "largest difference of a log-prob to one caller's",
                        "other tokens than one caller's"),
                named.get("concurrency"));
        assertEquals(Set.of("load, page cache warm", "tensors", "new process to complete answer"), named.get("start"));
        if (Files.exists(Path.of("/proc/self/status"))) {
            assertEquals(
                    Set.of(
                            "held before",
                            "growth during a request",
                            "kept after it",
                            "growth during a second one",
                            "held after a tenth",
                            "held at the end",
                            "creep"),
                    named.get("memory"));
        }
        assertNull(named.get("growth"));
    }

    @Test
    void overloadIsMeasuredWithAndWithoutDeadlines() {
        List<JsonObject> report = report("--only", "overload", "--calls", "8");
        List<JsonObject> inTime = figures(report).stream()
                .filter(figure -> figure.get("name").getAsString().equals("answers in time"))
                .toList();
        assertEquals(15, inTime.size());
        JsonObject capacity = figures(report).stream()
                .filter(figure -> figure.get("name").getAsString().equals("capacity"))
                .findFirst()
                .orElseThrow();
        assertTrue(capacity.get("median").getAsDouble() > 0, capacity.toString());
        assertTrue(
                names(report)
                        .getOrDefault("overload", Set.of())
                        .containsAll(Set.of(
                                "capacity",
                                "answers in time / best rate",
                                "latency p95", // so some were answered, in time or late
                                "longest health check",
                                "longest look at the metrics")),
                report.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSoakEndsWithWhatIsHeldAndWithoutAFailure() {
        List<JsonObject> report = report("--only", "soak", "--soak-time", "0.4", "--tokens", "5");
        assertEquals(
                Set.of(
                        "resident memory",
                        "heap after a collection",
                        "open file descriptors",
                        "threads",
                        "native tensors",
                        "analyses",
                        "batches",
                        "canceled calls",
                        "unloads and loads",
                        "bad requests",
                        "dropped connections",
                        "calls that did not end as they should"),
                names(report).get("soak"));
        for (JsonObject figure : figures(report)) {
            double value = figure.get("median").getAsDouble();
            switch (figure.get("name").getAsString()) {
                case "calls that did not end as they should" -> assertEquals(0, value, notes(report));
                case "native tensors" -> assertTrue(value > 50, figure.toString());
                default -> assertTrue(value > 0, figure.toString());
            }
        }
    }

    @Test
    void callersAtOnceGetWhatOneGets() {
        List<JsonObject> report = report("--only", "concurrency", "--callers", "4");
        for (JsonObject figure : figures(report)) {
            switch (figure.get("name").getAsString()) {
                case "largest difference of a log-prob to one caller's" ->
                    assertTrue(figure.get("max").getAsDouble() <= 1e-4, figure.toString());
                case "other tokens than one caller's" ->
                    assertEquals(0, figure.get("max").getAsDouble(), figure.toString());
                default -> assertTrue(figure.get("median").getAsDouble() > 0, figure.toString());
            }
        }
    }

    @Test
    void growthStopsAtTheModelsContextAndSaysSo() {
        List<JsonObject> report = report("--only", "growth");
        assertEquals(Set.of("growth"), names(report).keySet());
        assertTrue(notes(report).contains("512 at most"), report.toString());
    }

    @Test
    void otherToolsTakeTurnsWithTheServer(@TempDir Path peers) throws IOException {
        Path run = Files.writeString(peers.resolve("run"), """
                #!/bin/sh
                if [ "$1" = --list ]; then
                  echo '{"tool":"echo","installed":true,"reason":null,"outputs":"nothing"}'
                  echo '{"tool":"gone","installed":false,"reason":"never written","outputs":"nothing"}'
                  exit
                fi
                echo '{"ready":true,"version":"7"}'
                while read -r question; do echo '{"seconds":2,"peak_anonymous_bytes":1,"result_bytes":1}'; done
                """);
        assertTrue(run.toFile().setExecutable(true));

        List<JsonObject> report = report("--only", "peers", "--tokens", "5", "--peers", peers.toString());

        assertEquals(
                Set.of(
                        "echo",
                        "stratalens in turn with echo",
                        "echo / stratalens",
                        "echo, memory",
                        "echo, result",
                        "fastest other tool / stratalens"),
                names(report).get("peers"));
        assertTrue(notes(report).contains("never written"), report.toString());
    }

    @Test
    void aTableNamesEveryPart() {
        BenchRun run = BenchRun.of("--tokens", "5", "--repetitions", "1", "--warm-up", "0", "--only", "efficiency");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("bare work / whole lens"), run.out());
    }

    @Test
    void aRunForAFileSaysHowLongItTakesAndWhatItDoes() {
        BenchRun run = BenchRun.of("--tokens", "5", "--repetitions", "1", "--warm-up", "0", "--only", "efficiency");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("s: This takes about"), run.err());
        assertTrue(run.err().contains("s: measuring 5 tokens"), run.err());
        BenchRun quiet =
                BenchRun.of("--tokens", "5", "--repetitions", "1", "--warm-up", "0", "--only", "efficiency", "--quiet");
        assertEquals("", quiet.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "table"})
    void aRunThatIsEndedEarlyLeavesWhatItFound(String format, @TempDir Path folder) throws Exception {
        Path output = folder.resolve("report");
        Path said = folder.resolve("said");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dstratalens.home=" + BenchRun.ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName(),
                "--format",
                format));
        // The second length takes until the process is ended.
        words.addAll(List.of("--only", "speed", "--tokens", "5,512", "--warm-up", "0", "--repetitions", "10"));
        Process process = new ProcessBuilder(words)
                .redirectOutput(output.toFile())
                .redirectError(said.toFile())
                .start();
        try {
            // What the first length gave can be read once the second is begun.
            while (!Files.readString(said).contains("measuring 512 tokens")) {
                assertFalse(process.waitFor(50, TimeUnit.MILLISECONDS), Files.readString(said));
            }
        } finally {
            process.destroy(); // SIGTERM
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));

        String report = Files.readString(output);
        assertTrue(report.contains("end to end"), report);
        if (format.equals("jsonl")) {
            assertEquals(5, figures(lines(report)).size());
            assertFalse(report.contains("complete"), report);
        } else {
            assertTrue(report.contains("This run ended before everything was measured."), report);
        }
    }
}
