package dev.stratalens.server.scheduling.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.ManualClock;
import dev.stratalens.server.scheduling.QueuedRequest;
import dev.stratalens.server.scheduling.RecordingListener;
import dev.stratalens.server.scheduling.SchedulerLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Passes that nobody asked for, by a clock that stands still: no callers' leaving is ever far enough in the past unless a test says so. */
@Timeout(60)
final class WarmUpTest {

    private static final int WARM_UP = 5;
    private static final int REQUEST = 3;

    private final FakeLensEngine engine = FakeLensEngine.named("a");
    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final ManualClock clock = new ManualClock();
    private final ComputeThread compute = new ComputeThread();
    private final FakeLensEngine other = FakeLensEngine.named("b");
    private final ModelRegistry registry =
            new ModelRegistry(List.of("a", "b"), LoadPolicy.ON_DEMAND, (name, listener) -> {
                awaitQuietly(mayLoad);
                return name.equals("a") ? engine : other;
            });
    private final NamedModel model = registry.find("a", "model");
    private final SchedulerLimits limits = new SchedulerLimits(8, 1L << 40, 256);
    private final LensScheduler scheduler = new LensScheduler(registry, limits, compute, Runnable::run);
    private final ShortRehearsal rehearsal = new ShortRehearsal();
    private final WarmUp warmUp =
            new WarmUp(registry, new Quiet(registry, scheduler, compute, clock), compute, limits, rehearsal, clock);

    WarmUpTest() {
        registry.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        warmUp.close();
        mayLoad.countDown();
        assertTrue(warmUp.awaitEnd(Duration.ofSeconds(20)));
        compute.close();
        registry.close();
    }

    @Test
    void aRequestIsComputedBeforeTheNextStepOfAPass() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        load();
        pause.awaitReached();
        engine.pauseNoMore();

        RecordingListener request = submit();

        // Nobody resumes the pass: it gives way by itself.
        assertInstanceOf(LensOutcome.class, request.awaitOutcome());
        assertEquals(List.of(List.of(WARM_UP), List.of(REQUEST)), engine.passes());
        assertEquals(1 + engine.description().blockCount(), engine.blocks());
    }

    @Test
    void theRequestThatAModelIsLoadedForIsAnsweredFirst() throws InterruptedException {
        RecordingListener request = submit();
        mayLoad.countDown();

        assertInstanceOf(LensOutcome.class, request.awaitOutcome());
        assertTrue(scheduler.awaitIdle(Duration.ofSeconds(20)));
        assertEquals(List.of(List.of(REQUEST)), engine.passes());
        assertEquals(engine.description().blockCount(), engine.blocks());
        while (!engine.passes().contains(List.of(WARM_UP))) {
            clock.advance(Duration.ofSeconds(1).toNanos());
            Thread.sleep(1);
        }
    }

    @Test
    void aPassIsNeitherARequestNorAUseOfTheModel() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        load();
        pause.awaitReached();

        assertEquals(0, model.leases());
        assertTrue(model.isHeld());
        assertEquals(Optional.empty(), model.leaseToWarmUp());
        assertTrue(model.unusedFor().toNanos() > 0);
        engine.pauseNoMore();
        submit().awaitOutcome();
    }

    @Test
    void aModelThatIsUnloadedIsFreedBeforeTheNextStepAndNotLoadedAgain() throws Exception {
        Pause pause = engine.pauseRuns();
        load();
        pause.awaitReached();

        model.unload().get(20, TimeUnit.SECONDS);

        assertTrue(engine.isClosed());
        assertEquals(1, engine.passes().size());
        assertEquals(1, engine.blocks());
    }

    @Test
    void passesFollowOneAnotherUntilTheyGetNoFaster() throws InterruptedException {
        load();

        // By this clock they take no time, which is never less: the shortest passes alone, and so many until that is
        // known.
        for (int i = 0; i < 60; i++) {
            awaitPasses(i + 1);
        }
        warmUp.close();
        assertTrue(warmUp.awaitEnd(Duration.ofSeconds(20)));
        assertEquals(60, engine.passes().size());
    }

    @Test
    void callsAreRehearsedAfterThePassesAndOnceForAllModels() throws InterruptedException {
        load();
        rehearsal.awaitClosed();
        assertEquals(60, engine.passes().size());
        assertEquals(ShortRehearsal.CALLS, rehearsal.calls.get());

        loadOther();
        rehearsal.awaitClosed();
        assertEquals(60, other.passes().size());
        assertEquals(ShortRehearsal.CALLS, rehearsal.calls.get());
    }

    @Test
    void aRehearsalThatFailsIsNotTriedAgainAndModelsAreWarmedAllTheSame() throws InterruptedException {
        rehearsal.failure = new IllegalStateException("no port");
        load();
        rehearsal.awaitClosed();

        loadOther();
        rehearsal.awaitClosed();

        assertEquals(60, other.passes().size());
        assertEquals(1, rehearsal.calls.get());
    }

    private void loadOther() {
        registry.find("b", "model").request();
    }

    private void load() {
        mayLoad.countDown();
        model.request();
    }

    private RecordingListener submit() {
        RecordingListener listener = new RecordingListener();
        scheduler.submit(
                model,
                new QueuedRequest(
                        RequestedPlan.builder(new LensPrompt.TokenIds(new int[REQUEST]))
                                .build(),
                        listener));
        return listener;
    }

    private void awaitPasses(int count) throws InterruptedException {
        while (engine.passes().size() < count) {
            Thread.sleep(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A few calls, none of which takes long. */
    private static final class ShortRehearsal implements Rehearsal {
        static final int CALLS = 3;
        final AtomicInteger calls = new AtomicInteger();
        private final Semaphore closed = new Semaphore(0);
        volatile @Nullable RuntimeException failure;

        @Override
        public boolean isOver() {
            return calls.get() == CALLS;
        }

        @Override
        public void call() {
            calls.incrementAndGet();
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void close() {
            closed.release();
        }

        void awaitClosed() throws InterruptedException {
            assertTrue(closed.tryAcquire(20, TimeUnit.SECONDS));
        }
    }
}
