package dev.stratalens.bench.measure;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.Target;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BareStubs;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.ClosedLoop;
import dev.stratalens.bench.server.MemoryWatch;
import dev.stratalens.bench.server.OpenLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * More requests than the server can answer, which come whether or not others are answered: what it answers in time, how soon, and
 * whether it still answers health checks and tells its metrics. What it can answer is measured first, by callers in a closed loop.
 */
final class OverloadMeasurement {

    static final int TOKENS = 5;
    static final List<Double> LOADS = List.of(0.5, 1.0, 2.0, 5.0, 10.0);

    /** None, for callers that wait for ever. */
    static final List<Optional<Duration>> DEADLINES =
            List.of(Optional.of(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(15)), Optional.empty());

    private static final int CALLERS = 64;
    private static final double LEAST_OF_BEST = 0.9;
    private static final double MOST_OF_TAIL = 2;
    private static final double MOST_PROBE_SECONDS = 1;

    private final Session session;

    OverloadMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) throws IOException {
        BenchPrompt prompt = session.prompt(TOKENS);
        int calls = session.settings().calls();
        double capacity;
        try (BareStubs stubs = new BareStubs(session.server().address())) {
            session.progress().show("measuring the capacity");
            var loop = ClosedLoop.run(Collections.nCopies(CALLERS, stubs.caller(prompt)), 1 + calls / CALLERS);
            capacity = loop.throughput();
        }
        figures.under(BenchPart.OVERLOAD, "%d callers".formatted(CALLERS))
                .add("capacity", Unit.PER_SECOND, SampleSpread.of(capacity));
        // As long as so many answers take.
        Duration time = Duration.ofNanos((long) (calls / capacity * 1e9));
        warm(prompt, capacity, time);
        for (Optional<Duration> deadline : DEADLINES) {
            Map<Double, OpenLoop> byLoad = new LinkedHashMap<>();
            for (double load : LOADS) {
                String condition = condition(load, deadline);
                session.progress().show("measuring overload at %s".formatted(condition));
                try (MemoryWatch memory = MemoryWatch.of(session.server().pid())) {
                    long before = memory.peak();
                    byLoad.put(load, OpenLoop.run(session.server(), prompt, load * capacity, time, deadline));
                    figures.under(BenchPart.OVERLOAD, condition)
                            .add("growth of memory", Unit.BYTES, SampleSpread.of((double) memory.peak() - before));
                }
            }
            add(figures, byLoad, deadline);
        }
    }

    /** The JVM has not compiled yet what refuses calls, and its compiler would take a core from the first loads. */
    private void warm(BenchPrompt prompt, double capacity, Duration time) throws IOException {
        if (!session.settings().warmUp().isZero()) {
            session.progress().show("warming under overload");
            for (Optional<Duration> deadline : DEADLINES) {
                var unused = OpenLoop.run(
                        session.server(), prompt, Collections.max(LOADS) * capacity, time.multipliedBy(2), deadline);
            }
        }
    }

    static void add(Figures figures, Map<Double, OpenLoop> byLoad, Optional<Duration> deadline) {
        OpenLoop best = byLoad.values().stream()
                .max((one, other) -> Double.compare(one.answersPerSecond(), other.answersPerSecond()))
                .orElseThrow();
        byLoad.forEach((load, loop) -> {
            String condition = condition(load, deadline);
            Optional<Target> none = Optional.empty();
            add(figures, "answers in time", condition, Unit.PER_SECOND, loop.answersPerSecond(), none);
            add(
                    figures,
                    "answers in time / best rate",
                    condition,
                    Unit.RATIO,
                    share(loop.answersPerSecond(), best.answersPerSecond()),
                    none);
            add(figures, "share of the processors that callers took", condition, Unit.RATIO, loop.callersShare(), none);
            add(
                    figures,
                    "answers in time / best rate, without that share",
                    condition,
                    Unit.RATIO,
                    share(loop.answersPerSecondApart(), best.answersPerSecondApart()),
                    load > 1 ? Optional.of(Target.atLeast(LEAST_OF_BEST)) : none);
            add(figures, "calls that expired", condition, Unit.RATIO, (double) loop.expired() / loop.calls(), none);
            if (loop.latencies().length > 0) {
                add(figures, "latency p95", condition, Unit.SECONDS, loop.percentile(0.95), none);
            }
            if (loop.latencies().length > 0 && best.latencies().length > 0) {
                add(
                        figures,
                        "latency p95 / that at the best rate",
                        condition,
                        Unit.RATIO,
                        loop.percentile(0.95) / best.percentile(0.95),
                        Optional.of(Target.atMost(MOST_OF_TAIL)));
            }
            add(
                    figures,
                    "longest health check",
                    condition,
                    Unit.SECONDS,
                    loop.healthSeconds(),
                    Optional.of(Target.atMost(MOST_PROBE_SECONDS)));
            add(
                    figures,
                    "longest look at the metrics",
                    condition,
                    Unit.SECONDS,
                    loop.metricsSeconds(),
                    Optional.of(Target.atMost(MOST_PROBE_SECONDS)));
        });
    }

    /** Where nothing was answered under any load, that is no share of it. */
    private static double share(double rate, double best) {
        return best == 0 ? 0 : rate / best;
    }

    private static void add(
            Figures figures, String name, String condition, Unit unit, double value, Optional<Target> target) {
        figures.add(Figure.of(BenchPart.OVERLOAD, name, condition, unit, SampleSpread.of(value)), target);
    }

    private static String condition(double load, Optional<Duration> deadline) {
        return "%s x capacity, %s"
                .formatted(
                        load < 1 ? "1/2" : Long.toString(Math.round(load)),
                        deadline.map(limit -> "deadline of %d s".formatted(limit.toSeconds()))
                                .orElse("no deadline"));
    }
}
