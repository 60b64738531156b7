package dev.stratalens.server.scheduling.warmup;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.ComputeTurns;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.SchedulerLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs passes of its own after a model was loaded, until they get no faster, and then rehearses calls: a new process compiles its code
 * while it runs, and the first requests would pay for that. A pass or a call begins only when the server has nothing to do, and a pass
 * ends at its next block or tile once it has.
 */
public final class WarmUp implements AutoCloseable {

    /** Tokens of the prompts. */
    private static final List<Integer> LENGTHS = List.of(5, 16, 64);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final Quiet quiet;
    private final ComputeTurns turns;
    private final SchedulerLimits limits;
    private final Rehearsal rehearsal;
    private final LongSupplier nanoTime;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final BlockingQueue<Runnable> loaded = new LinkedBlockingQueue<>();
    private final ExecutorService thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, loaded, work -> {
        Thread warming = new Thread(work, "stratalens-warm-up");
        warming.setDaemon(true);
        return warming;
    });
    /** Known to that thread alone. */
    private boolean rehearsed;

    /**
     * Warms each model of the registry whenever it has been loaded.
     *
     * @param rehearsal of calls, once for all models
     */
    public WarmUp(
            ModelRegistry registry,
            LensScheduler scheduler,
            ComputeThread compute,
            SchedulerLimits limits,
            Rehearsal rehearsal) {
        this(
                registry,
                new Quiet(registry, scheduler, compute, System::nanoTime),
                compute,
                limits,
                rehearsal,
                System::nanoTime);
    }

    WarmUp(
            ModelRegistry registry,
            Quiet quiet,
            ComputeTurns turns,
            SchedulerLimits limits,
            Rehearsal rehearsal,
            LongSupplier nanoTime) {
        this.quiet = quiet;
        this.turns = turns;
        this.limits = limits;
        this.rehearsal = rehearsal;
        this.rehearsed = rehearsal.isOver();
        this.nanoTime = nanoTime;
        registry.models()
                .forEach(model -> model.observe(state -> {
                    if (state instanceof ServingState.Ready && !isClosing()) {
                        thread.execute(() -> {
                            warm(model);
                            rehearse();
                        });
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
            new OfModel(model).warm();
        } catch (ServerStoppingException | InterruptedException stopping) {
            // It is not needed any more.
        } catch (RuntimeException | Error failure) {
            LOG.warn("Model {} is not warmed up. Its first requests may be slow.", model.name(), failure);
        }
    }

    /** Makes calls until there were enough, or another model waits to be warmed. */
    private void rehearse() {
        try (rehearsal) {
            while (!isClosing() && !rehearsed && loaded.isEmpty()) {
                if (rehearsal.isOver()) {
                    rehearsed = true;
                    LOG.info("Rehearsed {}", rehearsal);
                } else if (awaitQuiet()) {
                    rehearsal.call();
                }
            }
        } catch (ServerStoppingException | InterruptedException stopping) {
            // It is not needed any more.
        } catch (RuntimeException | Error failure) {
            rehearsed = true;
            LOG.warn("Calls are not rehearsed. The first requests may be slow.", failure);
        }
    }

    /** Whether there is nothing to do; takes a while if there is. */
    private boolean awaitQuiet() throws InterruptedException {
        boolean lasts = quiet.lasts();
        if (!lasts) {
            var unused = closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return lasts;
    }

    /** The warming of one model. */
    private final class OfModel {
        private final NamedModel served;
        private final WarmUpProgress progress = new WarmUpProgress(LENGTHS, nanoTime);

        OfModel(NamedModel served) {
            this.served = served;
        }

        void warm() throws InterruptedException {
            while (isWanted() && !progress.isOver()) {
                if (awaitQuiet()) {
                    turns.take(this::step);
                }
            }
            if (progress.isOver()) {
                LOG.info("Model {} {}", served.name(), progress);
            }
        }

        private boolean isWanted() {
            return !isClosing() && served.state() instanceof ServingState.Ready;
        }

        /** Runs a pass, if there is still nothing else to do; returns the progress. */
        private WarmUpProgress step() {
            Optional<Lease> lease = quiet.isNow() ? served.leaseToWarmUp() : Optional.empty();
            try {
                lease.ifPresent(held -> run(held.engine()));
            } finally {
                lease.ifPresent(Lease::close);
            }
            return progress;
        }

        private void run(LensEngine engine) {
            ModelDescription model = engine.description();
            int length = progress.next();
            RequestedPlan request = request(Math.min(length, model.contextLength()), model);
            LensPlan plan = LensPlanner.plan(request, model, engine.tokenizer()).plan();
            if (engine.memoryNeed(plan) > limits.maxRequestBytes()) {
                progress.leaveOut(length);
                return;
            }
            long start = nanoTime.getAsLong();
            try {
                engine.run(plan, readout -> {}, () -> !isWanted() || !quiet.isNow());
                progress.add(length, Duration.ofNanos(nanoTime.getAsLong() - start));
            } catch (LensCanceledException wanted) {
                // A request came, and gets the cores.
            }
        }
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
