package dev.stratalens.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.bench.report.BenchReport;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.server.OpenLoop;
import dev.stratalens.client.model.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverloadMeasurementTest {

    @Test
    void aServerThatAnswersNothingMissesItsTargetAndHasNoLatency() {
        List<Figure> figures = figures(Map.of(1.0, loop(0), 2.0, loop(0)));

        assertEquals(List.of(0.0, 0.0), medians("answers in time / best rate", figures));
        assertEquals(
                List.of(false),
                figures.stream()
                        .filter(figure -> figure.name().equals("answers in time / best rate, without that share"))
                        .flatMap(figure -> figure.met().stream())
                        .toList());
        assertEquals(List.of(), medians("latency p95", figures));
    }

    @Test
    void latenciesAreComparedWithThatOfTheLoadThatWasAnsweredBest() {
        List<Figure> figures = figures(Map.of(1.0, loop(4, 1, 1, 1, 1), 2.0, loop(2, 3, 3)));

        assertEquals(List.of(0.5, 1.0), medians("answers in time / best rate", figures));
        assertEquals(List.of(1.0, 3.0), medians("latency p95 / that at the best rate", figures));
    }

    private static List<Double> medians(String name, List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .map(figure -> figure.spread().median())
                .sorted()
                .toList();
    }

    private static OpenLoop loop(double answersPerSecond, double... latencies) {
        return new OpenLoop(1, 5, latencies, answersPerSecond, 0.25, 0, 0.1, 0.1);
    }

    private static List<Figure> figures(Map<Double, OpenLoop> byLoad) {
        Gathered gathered = new Gathered();
        PromisedTargets targets = PromisedTargets.of(ModelInfo.builder("m", 2).build(), 1);
        OverloadMeasurement.add(new Figures(gathered, targets), byLoad, Optional.empty());
        return gathered.figures;
    }

    /** Keeps the figures of a report. */
    private static final class Gathered implements BenchReport {

        private final List<Figure> figures = new ArrayList<>();

        @Override
        public void begin(Map<String, String> machine, Map<String, String> model) {}

        @Override
        public void add(Figure figure) {
            figures.add(figure);
        }

        @Override
        public void note(String note) {}

        @Override
        public void endPart() {}

        @Override
        public void complete() {}

        @Override
        public void close() {}
    }
}
