package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Runs the parts of the benchmark with many callers at once. */
class BenchLoadTest {

    @Test
    void overloadIsMeasuredWithAndWithoutDeadlines() {
        ReadReport report = ReadReport.of("--only", "overload", "--calls", "8");
        List<JsonObject> inTime = report.figures().stream()
                .filter(figure -> figure.get("name").getAsString().equals("answers in time"))
                .toList();
        assertEquals(15, inTime.size());
        assertTrue(inTime.stream().anyMatch(figure -> figure.get("median").getAsDouble() > 0), inTime.toString());
        assertTrue(
                report.names()
                        .getOrDefault("overload", Set.of())
                        .containsAll(Set.of(
                                "capacity",
                                "answers in time / best rate",
                                "longest health check",
                                "longest look at the metrics")),
                report.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSoakEndsWithWhatIsHeldAndWithoutAFailure() {
        ReadReport report = ReadReport.of("--only", "soak", "--soak-time", "0.4", "--tokens", "5");
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
                report.names().get("soak"));
        for (JsonObject figure : report.figures()) {
            double value = figure.get("median").getAsDouble();
            switch (figure.get("name").getAsString()) {
                case "calls that did not end as they should" -> assertEquals(0, value, report.notes());
                case "native tensors" -> assertTrue(value > 50, figure.toString());
                default -> assertTrue(value > 0, figure.toString());
            }
        }
    }

    @Test
    void callersAtOnceGetWhatOneGets() {
        ReadReport report = ReadReport.of("--only", "concurrency", "--callers", "4");
        for (JsonObject figure : report.figures()) {
            switch (figure.get("name").getAsString()) {
                case "largest difference of a log-prob to one caller's" ->
                    assertTrue(figure.get("max").getAsDouble() <= 1e-4, figure.toString());
                case "other tokens than one caller's" ->
                    assertEquals(0, figure.get("max").getAsDouble(), figure.toString());
                default -> assertTrue(figure.get("median").getAsDouble() > 0, figure.toString());
            }
        }
    }
}
