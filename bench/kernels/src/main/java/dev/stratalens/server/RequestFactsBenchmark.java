package dev.stratalens.server;

import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.SchedulerLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.server.telemetry.Observed;
import dev.stratalens.server.telemetry.Telemetry;
import dev.stratalens.server.watch.Origin;
import dev.stratalens.server.watch.Outcome;
import dev.stratalens.server.watch.RequestFacts;
import dev.stratalens.server.watch.RequestWatch;
import dev.stratalens.server.watch.Subject;
import dev.stratalens.server.watch.TraceContext;
import dev.stratalens.server.watch.Work;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What the metrics and the five spans of a request cost that was computed, beside what every call costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class RequestFactsBenchmark {

    private final ComputeThread compute = new ComputeThread();
    private final Origin origin = new Origin(
            "0123456789abcdef",
            "stratalens.v1.LensService/Analyze",
            "127.0.0.1:1",
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true),
            Instant.EPOCH);
    private final Work work =
            new Work(5, 0, 1, 12, 60, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));

    private Collector collector;
    private Telemetry telemetry;
    private RequestFacts computed;

    @Setup
    public void start() throws IOException {
        collector = new Collector();
        ModelRegistry registry = new ModelRegistry(List.of("none"), (model, listener) -> {
            throw new IllegalStateException("not asked for");
        });
        var limits = new SchedulerLimits(64, 1L << 30, SchedulerLimits.DEFAULT_PASS_TOKENS);
        telemetry = new Telemetry(
                Optional.of(collector.address()),
                "0",
                new Observed(registry, new LensScheduler(registry, limits, compute, Runnable::run), () -> 0, () -> 0));
        computed = new RequestFacts(
                origin,
                "anonymous",
                new Subject("none", "", Optional.empty()),
                Optional.of(work),
                Duration.ofMillis(7),
                1000,
                Outcome.OK);
    }

    @TearDown
    public void stop() {
        telemetry.close();
        compute.close();
        collector.close();
    }

    @Benchmark
    public void computed(Blackhole hole) {
        RequestWatch watch = telemetry.before(hole::consume);
        watch.ended(computed);
    }
}
