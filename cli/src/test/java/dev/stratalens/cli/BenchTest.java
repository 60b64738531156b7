package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code bench} in earnest, with a server in a process of its own; how long things take is nobody's business here. */
class BenchTest {

    @Test
    void measuresEveryPartOnTheDemoModel() {
        CliRun run = CliRun.of("bench", "--tokens", "5", "--repetitions", "1", "--format", "json");

        assertEquals(0, run.exitCode(), run.err());
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(
                "llama", report.getAsJsonObject("model").get("architecture").getAsString());
        assertTrue(report.getAsJsonObject("machine").keySet().containsAll(Set.of("cores", "java", "pytorch")));
        Map<String, Set<String>> named = StreamSupport.stream(
                        report.getAsJsonArray("figures").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.groupingBy(
                        figure -> figure.get("section").getAsString(),
                        Collectors.mapping(figure -> figure.get("name").getAsString(), Collectors.toSet())));
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
                Set.of("end to end", "lens in this process", "overhead", "overhead / lens in this process"),
                named.get("overhead"));
    }
}
