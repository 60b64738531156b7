package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of a report in JSON. */
record ReadReport(List<JsonObject> lines) {

    /** Of one short run, which must end well. */
    static ReadReport of(String... arguments) {
        BenchRun run = BenchRun.of(Stream.concat(
                        Stream.of("--repetitions", "1", "--warm-up", "0", "--format", "jsonl"), Stream.of(arguments))
                .toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        ReadReport report = in(run.out());
        assertTrue(report.lines.get(report.lines.size() - 1).has("complete"), run.out());
        return report;
    }

    static ReadReport in(String text) {
        return new ReadReport(text.lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList());
    }

    /** What was measured on what. */
    JsonObject facts() {
        return lines.get(0);
    }

    List<JsonObject> figures() {
        return lines.stream().filter(line -> line.has("part")).toList();
    }

    /** The names of the figures of each part. */
    Map<String, Set<String>> names() {
        return figures().stream()
                .collect(Collectors.groupingBy(
                        figure -> figure.get("part").getAsString(),
                        Collectors.mapping(figure -> figure.get("name").getAsString(), Collectors.toSet())));
    }

    String notes() {
        return lines.stream()
                .filter(line -> line.has("note"))
                .map(line -> line.get("note").getAsString())
                .collect(Collectors.joining("\n"));
    }
}
