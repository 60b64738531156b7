package dev.stratalens.server.scheduling;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.LensPrompt;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.plan.RequestedPlan;
import dev.stratalens.engine.lens.plan.RequestedTarget;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.ComputeTurns;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs passes of its own after a model was loaded, until they get no faster: a new process compiles its code while it runs, and
 * the first requests would pay for that. A pass begins only when the server has nothing to do, and ends at its next block or tile once it
 * has.
 */
public final class WarmUp implements AutoCloseable {

    /** Tokens of the prompts. */
    private static final List<Integer> LENGTHS = List.of(5, 16, 64);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final Quiet quiet;
    private final ComputeTurns turns;
    private final SchedulerLimits limits;
    private final Function<RequestStart, LensListener> answers;
    private final LongSupplier nanoTime;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread warming = new Thread(work, "stratalens-warm-up");
        warming.setDaemon(true);
        return warming;
    });

    /**
     * Warms each model of the registry whenever it has been loaded.
     *
     * @param answers what is done with the results of a pass
     */
    public WarmUp(
            ModelRegistry registry,
            LensScheduler scheduler,
            ComputeThread compute,
            SchedulerLimits limits,
            Function<RequestStart, LensListener> answers) {
        this(
                registry,
                new Quiet(registry, scheduler, compute, System::nanoTime),
                compute,
                limits,
                answers,
                System::nanoTime);
    }

    WarmUp(
            ModelRegistry registry,
            Quiet quiet,
            ComputeTurns turns,
            SchedulerLimits limits,
            Function<RequestStart, LensListener> answers,
            LongSupplier nanoTime) {
        this.quiet = quiet;
        this.turns = turns;
        this.limits = limits;
        this.answers = answers;
        this.nanoTime = nanoTime;
        registry.models()
                .forEach(model -> model.observe(state -> {
                    if (state instanceof ServingState.Ready && !isClosing()) {
                        thread.execute(() -> warm(model));
                    }
                }));
    }

    /** Waits for the end of the pass that runs, once closed; false if that takes longer than the limit. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the pass that runs at its next block or tile, and begins no other. */
    @Override
    public void close() {
        closing.countDown();
        thread.shutdown();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void warm(NamedModel model) {
        try {
            var progress = new WarmUpProgress(LENGTHS, nanoTime);
            while (!isClosing() && !progress.isOver() && isReady(model)) {
                if (!quiet.lasts()) {
                    if (closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } else {
                    turns.take(() -> step(model, progress));
                }
            }
            if (progress.isOver()) {
                LOG.info(
                        "Model {} is warm after {} ms: {} passes in {} ms",
                        model.name(),
                        progress.elapsed().toMillis(),
                        progress.passes(),
                        progress.computed().toMillis());
            }
        } catch (ServerStoppingException | InterruptedException stopping) {
            // It is not needed any more.
        } catch (RuntimeException | Error failure) {
            LOG.warn(
                    "Model {} is not warmed up: a pass failed. Its first requests may be slow.", model.name(), failure);
        }
    }

    /** Runs a pass, if there is still nothing else to do; returns the progress. */
    private WarmUpProgress step(NamedModel model, WarmUpProgress progress) {
        Optional<Lease> lease = quiet.isNow() ? model.leaseToWarmUp() : Optional.empty();
        try {
            lease.ifPresent(held -> run(model, held.engine(), progress));
        } finally {
            lease.ifPresent(Lease::close);
        }
        return progress;
    }

    private void run(NamedModel served, LensEngine engine, WarmUpProgress progress) {
        ModelDescription model = engine.description();
        int length = progress.next();
        PlannedRequest planned =
                LensPlanner.plan(request(Math.min(length, model.contextLength()), model), model, engine.tokenizer());
        if (engine.memoryNeed(planned.plan()) > limits.maxRequestBytes()) {
            progress.leaveOut(length);
            return;
        }
        LensListener answer = answers.apply(new RequestStart(engine, planned, 0, Duration.ZERO));
        long start = nanoTime.getAsLong();
        try {
            engine.run(planned.plan(), answer, () -> isClosing() || !quiet.isNow() || !isReady(served));
            progress.add(length, Duration.ofNanos(nanoTime.getAsLong() - start));
        } catch (LensCanceledException wanted) {
            // A request came, and gets the cores.
        }
    }

    private static boolean isReady(NamedModel model) {
        return model.state() instanceof ServingState.Ready;
    }

    private static RequestedPlan request(int length, ModelDescription model) {
        int[] ids =
                IntStream.range(0, length).map(i -> i % model.vocabularySize()).toArray();
        return RequestedPlan.builder(new LensPrompt.TokenIds(ids))
                .statistics(List.of(Statistic.ENTROPY, Statistic.KL_FROM_FINAL))
                .targets(List.of(new RequestedTarget.NextToken()))
                .trajectories(0)
                .build();
    }
}
