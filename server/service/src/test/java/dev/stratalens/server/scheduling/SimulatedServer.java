package dev.stratalens.server.scheduling;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.models.Loaded;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A scheduler under a load that does not wait for answers, by a clock that its engine moves on. An engine takes 20 ms for a pass and
 * 30 ms for each prompt in it, a fifth more or less.
 */
final class SimulatedServer implements LensEngine {

    /** Prompts a second, in long passes. */
    static final double CAPACITY = 33;

    private static final double PASS_SECONDS = 0.02;
    private static final double PROMPT_SECONDS = 0.03;
    private static final int STEPS = 20;
    private static final int TOKENS = 5;
    private static final double SECONDS = 24;
    /** Until then the server has not seen much. */
    private static final double BEGINNING = 4;
    /** Of this thread for the other one. */
    private static final double WAIT_SECONDS = 1e-3;
    /** Between passes a clock that is read moves, so that whoever waits for a time by it gets there. */
    private static final double READING_SECONDS = 100e-6;

    private volatile boolean passing;
    private final FakeLensEngine engine = FakeLensEngine.named("m");
    private final ManualClock clock = new ManualClock();
    private final ComputeThread compute = new ComputeThread();
    private final ModelRegistry registry = new ModelRegistry(List.of("m"), (name, listener) -> this);
    private final LensScheduler scheduler = new LensScheduler(
            registry,
            new SchedulerLimits(64, Long.MAX_VALUE, SchedulerLimits.DEFAULT_PASS_TOKENS),
            compute,
            Runnable::run,
            () -> {
                if (!passing) {
                    clock.advance(nanos(READING_SECONDS));
                }
                return clock.getAsLong();
            });
    private final Random random = new Random(1);
    private final double load;
    private final Optional<Duration> patience;
    // Guarded by this.
    private double nextArrival;
    private final List<Call> calls = new ArrayList<>();
    private final Set<Call> open = new LinkedHashSet<>();

    /**
     * What the callers saw.
     *
     * @param answersPerSecond in time
     * @param p95Seconds of those that were answered
     * @param refusedAtOnce share of the calls
     * @param endedLater share of the calls that failed after they had waited
     */
    record Outcome(double answersPerSecond, double p95Seconds, double refusedAtOnce, double endedLater) {}

    private static final class Call {
        private final double began;
        private final RecordingListener listener = new RecordingListener();
        private final QueuedRequest request = new QueuedRequest(
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[TOKENS])).build(), listener);
        private double ended = Double.NaN;
        private boolean answered;

        private Call(double began) {
            this.began = began;
        }
    }

    private SimulatedServer(double load, Optional<Duration> patience) {
        this.load = load;
        this.patience = patience;
    }

    /** @param load as a multiple of the capacity */
    static Outcome run(double load, Optional<Duration> patience) throws InterruptedException {
        var server = new SimulatedServer(load, patience);
        CountDownLatch loaded = new CountDownLatch(1);
        Loaded.await(server.registry.find("m", "model"), engine -> loaded.countDown());
        server.registry.start();
        loaded.await();
        while (server.now() < SECONDS) {
            if (server.scheduler.isIdle()) {
                server.pass(0.001);
            } else {
                LockSupport.parkNanos(nanos(WAIT_SECONDS));
            }
        }
        server.scheduler.refuseRequests();
        server.scheduler.stopRequests();
        server.scheduler.awaitIdle(Duration.ofSeconds(20));
        server.compute.close();
        server.registry.close();
        return server.outcome();
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private double now() {
        return clock.getAsLong() / 1e9;
    }

    /** Lets time pass, in which callers come and give up. */
    private synchronized void pass(double seconds) {
        passing = true;
        clock.advance(nanos(seconds));
        while (nextArrival < now() && now() < SECONDS) {
            nextArrival += -Math.log(1 - random.nextDouble()) / (load * CAPACITY);
            Call call = new Call(now());
            calls.add(call);
            open.add(call);
            patience.ifPresent(call.request::answerWithin);
            scheduler.submit(registry.find("m", "model"), call.request);
        }
        for (Call call : open) {
            if (call.listener.hasAnotherOutcome()) {
                call.ended = now();
                call.answered = call.listener.heard().contains("completed");
            } else if (isOver(call)) {
                call.request.cancel();
            }
        }
        open.removeIf(call -> !Double.isNaN(call.ended));
        passing = false;
    }

    private boolean isOver(Call call) {
        return patience.isPresent() && now() - call.began > patience.get().toMillis() / 1000.0;
    }

    private synchronized Outcome outcome() {
        List<Call> counted =
                calls.stream().filter(call -> call.ended > BEGINNING).toList();
        List<Call> inTime =
                counted.stream().filter(call -> call.answered && !isLate(call)).toList();
        double[] latencies = inTime.stream()
                .mapToDouble(call -> call.ended - call.began)
                .sorted()
                .toArray();
        // From pass to pass: many answers come at once.
        double[] ends = inTime.stream().mapToDouble(call -> call.ended).sorted().toArray();
        double first = ends[0];
        double last = ends[ends.length - 1];
        long afterFirst = Arrays.stream(ends).filter(end -> end > first).count();
        double atOnce = counted.stream()
                .filter(call -> !call.answered && call.listener.heard().size() == 1)
                .count();
        return new Outcome(
                afterFirst / (last - first),
                latencies[(int) (0.95 * latencies.length)],
                atOnce / counted.size(),
                (counted.size() - latencies.length - atOnce) / counted.size());
    }

    private boolean isLate(Call call) {
        return patience.isPresent() && call.ended - call.began > patience.get().toMillis() / 1000.0;
    }

    @Override
    public void run(List<WantedPlan> plans, Interlude interlude) {
        double noise = 0.8 + 0.4 * random.nextDouble();
        for (int step = 1; step <= STEPS; step++) {
            long alive = plans.stream()
                    .filter(plan -> !plan.cancellation().isCancelled())
                    .count();
            pass(noise * (PASS_SECONDS + alive * PROMPT_SECONDS) / STEPS);
            for (WantedPlan plan : plans) {
                plan.listener().progress(Phase.FORWARD, step, STEPS);
            }
        }
        engine.run(plans, Interlude.NONE);
        pass(0);
    }

    @Override
    public ModelDescription description() {
        return engine.description();
    }

    @Override
    public Tokenizer tokenizer() {
        return engine.tokenizer();
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        return 1;
    }

    @Override
    public void close() {
        engine.close();
    }
}
