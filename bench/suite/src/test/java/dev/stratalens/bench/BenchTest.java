package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench} in earnest, with a server in a process of its own; how long things take is nobody's business here. */
class BenchTest {

    private static JsonObject report(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--repetitions", "1", "--warm-up", "0", "--format", "json"));
        all.addAll(List.of(arguments));
        BenchRun run = BenchRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static Map<String, Set<String>> names(JsonObject report) {
        return StreamSupport.stream(report.getAsJsonArray("figures").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.groupingBy(
                        figure -> figure.get("section").getAsString(),
                        Collectors.mapping(figure -> figure.get("name").getAsString(), Collectors.toSet())));
    }

    @Test
    void measuresEveryPartOnTheDemoModel() {
        JsonObject report = report("--tokens", "5", "--callers", "2", "--soak", "2");

        assertEquals(
                "llama", report.getAsJsonObject("model").get("architecture").getAsString());
        assertTrue(report.getAsJsonObject("machine").keySet().containsAll(Set.of("cores", "java", "pytorch")));
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
    void callersAtOnceGetWhatOneGets() {
        JsonObject report = report("--only", "concurrency", "--callers", "4");
        for (JsonElement element : report.getAsJsonArray("figures")) {
            JsonObject figure = element.getAsJsonObject();
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
        JsonObject report = report("--only", "growth");
        assertEquals(Set.of("growth"), names(report).keySet());
        assertTrue(report.getAsJsonArray("notes").toString().contains("512 at most"), report.toString());
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

        JsonObject report = report("--only", "peers", "--tokens", "5", "--peers", peers.toString());

        assertEquals(
                Set.of(
                        "echo",
                        "stratalens in turn with echo",
                        "echo / stratalens",
                        "echo, memory",
                        "echo, result",
                        "fastest other tool / stratalens"),
                names(report).get("peers"));
        assertTrue(report.getAsJsonArray("notes").toString().contains("never written"), report.toString());
    }

    @Test
    void aTableNamesEveryPart() {
        BenchRun run = BenchRun.of("--tokens", "5", "--repetitions", "1", "--warm-up", "0", "--only", "efficiency");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("bare work / whole lens"), run.out());
        assertEquals("", run.err());
    }
}
