package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.Loaded;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LensSchedulerTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final SchedulerLimits LIMITS = new SchedulerLimits(3, 100 * FakeLensEngine.BYTES_PER_CELL, 256);

    private final FakeLensEngine engine = FakeLensEngine.named("a");
    private final FakeLensEngine other = FakeLensEngine.named("b");
    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final ModelRegistry registry = new ModelRegistry(List.of("a", "b"), (name, listener) -> {
        listener.loaded(1, 2);
        awaitUninterruptibly(mayLoad);
        listener.loaded(2, 2);
        return name.equals("a") ? engine : other;
    });
    private final ComputeThread compute = new ComputeThread();
    private final LensScheduler scheduler = new LensScheduler(registry, LIMITS, compute, Runnable::run);

    @AfterEach
    void stop() throws InterruptedException {
        mayLoad.countDown();
        scheduler.refuseRequests();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(LONG));
        compute.close();
        registry.close();
    }

    @Test
    void runsAJobToItsEnd() throws InterruptedException {
        load();
        RecordingListener listener = new RecordingListener();

        submit("a", listener);

        assertInstanceOf(LensOutcome.class, listener.awaitOutcome());
        assertEquals(List.of("queued 0", "started", "completed"), listener.heard());
    }

    @Test
    void runsRequestsInTheOrderTheyCameAndTellsThemHowManyAreAhead() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener first = new RecordingListener();
        RecordingListener second = new RecordingListener();
        RecordingListener third = new RecordingListener();
        submit("a", first);
        pause.awaitReached();
        submit("a", second);
        submit("a", third);

        pause.resume();

        assertInstanceOf(LensOutcome.class, third.awaitOutcome());
        assertEquals(List.of("queued 1", "queued 0", "started", "completed"), second.heard());
        assertEquals(List.of("queued 2", "queued 1", "queued 0", "started", "completed"), third.heard());
    }

    @Test
    void refusesWhatDoesNotFitIntoTheQueue() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        List<RecordingListener> admitted = new ArrayList<>();
        admitted.add(new RecordingListener());
        submit("a", admitted.get(0));
        pause.awaitReached();
        for (int i = 0; i < 3; i++) {
            admitted.add(new RecordingListener());
            submit("a", admitted.get(admitted.size() - 1));
        }
        RecordingListener refused = new RecordingListener();

        submit("a", refused);

        QueueFullException failure = assertInstanceOf(QueueFullException.class, refused.awaitOutcome());
        assertEquals(3, failure.capacity());
        pause.resume();
        for (RecordingListener listener : admitted) {
            assertInstanceOf(LensOutcome.class, listener.awaitOutcome());
        }
    }

    @Test
    void refusesBadRequestsAndTooBigOnesWithoutWaiting() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener running = new RecordingListener();
        submit("a", running);
        pause.awaitReached();
        RecordingListener bad = new RecordingListener();
        RecordingListener big = new RecordingListener();

        scheduler.submit(registry.find("a", "model"), new QueuedRequest(request(0), bad));
        scheduler.submit(registry.find("a", "model"), new QueuedRequest(request(17), big));

        assertInstanceOf(InvalidFieldException.class, bad.awaitOutcome());
        MemoryLimitExceededException failure = assertInstanceOf(MemoryLimitExceededException.class, big.awaitOutcome());
        assertEquals(102_000, failure.neededBytes());
        assertEquals(100_000, failure.limitBytes());
        assertTrue(engine.isRunning());
        pause.resume();
        assertInstanceOf(LensOutcome.class, running.awaitOutcome());
    }

    @Test
    void aCanceledRequestLeavesTheQueueAtOnceAndTheOthersMoveUp() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener running = new RecordingListener();
        RecordingListener leaving = new RecordingListener();
        RecordingListener behind = new RecordingListener();
        submit("a", running);
        pause.awaitReached();
        QueuedRequest request = submit("a", leaving);
        submit("a", behind);

        request.cancel();

        assertInstanceOf(LensCanceledException.class, leaving.awaitOutcome());
        assertEquals(List.of("queued 1", "failed LensCanceledException"), leaving.heard());
        assertEquals(List.of("queued 2", "queued 1"), behind.heard());
        pause.resume();
        assertInstanceOf(LensOutcome.class, behind.awaitOutcome());
        request.cancel();
        assertFalse(leaving.hasAnotherOutcome());
    }

    @Test
    void aCanceledRequestStopsRunning() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener listener = new RecordingListener();
        QueuedRequest request = submit("a", listener);
        pause.awaitReached();

        request.cancel();

        assertInstanceOf(LensCanceledException.class, listener.awaitOutcome());
        assertTrue(scheduler.awaitIdle(LONG));
        assertFalse(engine.isRunning());
    }

    @Test
    void aRequestCanceledBeforeItIsSubmittedNeverRuns() throws InterruptedException {
        load();
        RecordingListener listener = new RecordingListener();
        QueuedRequest request = new QueuedRequest(request(2), listener);
        request.cancel();

        scheduler.submit(registry.find("a", "model"), request);

        assertInstanceOf(LensCanceledException.class, listener.awaitOutcome());
        assertEquals(List.of("failed LensCanceledException"), listener.heard());
    }

    @Test
    void anErrorEndsItsRequestAndNoOther() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener failing = new RecordingListener();
        RecordingListener next = new RecordingListener();
        submit("a", failing);
        pause.awaitReached();
        engine.failWith(new StackOverflowError("made up"));
        engine.pauseNoMore();
        submit("b", next);
        pause.resume();

        assertInstanceOf(StackOverflowError.class, failing.awaitOutcome());
        assertInstanceOf(LensOutcome.class, next.awaitOutcome());
    }

    @Test
    void aRequestThatIsHeldLetsOthersRunAndRunsOnceItIsNot() throws InterruptedException {
        load();
        RecordingListener held = new RecordingListener();
        RecordingListener behind = new RecordingListener();
        QueuedRequest request = new QueuedRequest(request(2), held);
        request.hold(true);
        scheduler.submit(registry.find("a", "model"), request);

        submit("a", behind);

        assertInstanceOf(LensOutcome.class, behind.awaitOutcome());
        assertEquals(List.of("queued 0"), held.heard());
        request.hold(false);
        assertInstanceOf(LensOutcome.class, held.awaitOutcome());
    }

    @Test
    void twoModelsNeverComputeAtOnce() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        Pause otherPause = other.pauseRuns();
        RecordingListener first = new RecordingListener();
        RecordingListener second = new RecordingListener();
        submit("a", first);
        pause.awaitReached();
        submit("b", second);

        assertFalse(other.isRunning());
        pause.resume();
        otherPause.awaitReached();

        assertFalse(engine.isRunning());
        otherPause.resume();
        assertInstanceOf(LensOutcome.class, second.awaitOutcome());
    }

    @Test
    void requestsOfALoadingModelHearOfItAndRunOnceItIsReady() throws InterruptedException {
        registry.start();
        RecordingListener good = new RecordingListener();
        RecordingListener bad = new RecordingListener();
        submit("a", good);
        scheduler.submit(registry.find("a", "model"), new QueuedRequest(request(0), bad));

        mayLoad.countDown();

        assertInstanceOf(LensOutcome.class, good.awaitOutcome());
        assertInstanceOf(InvalidFieldException.class, bad.awaitOutcome());
        List<String> heard = good.heard();
        assertTrue(heard.get(0).startsWith("loading"), heard.toString());
        assertTrue(heard.contains("loading 2/2"), heard.toString());
        assertEquals(List.of("queued 0", "started", "completed"), heard.subList(heard.size() - 3, heard.size()));
    }

    @Test
    void requestsOfAFailedModelGetItsFailure() throws InterruptedException {
        IllegalStateException failure = new IllegalStateException("made up");
        try (ModelRegistry broken = new ModelRegistry(List.of("a"), (name, listener) -> {
            awaitUninterruptibly(mayLoad);
            throw failure;
        })) {
            LensScheduler ofBroken = new LensScheduler(broken, LIMITS, compute, Runnable::run);
            RecordingListener early = new RecordingListener();
            RecordingListener late = new RecordingListener();
            broken.start();
            ofBroken.submit(broken.find("a", "model"), new QueuedRequest(request(2), early));
            mayLoad.countDown();
            assertSame(failure, early.awaitOutcome());

            ofBroken.submit(broken.find("a", "model"), new QueuedRequest(request(2), late));

            assertSame(failure, late.awaitOutcome());
        }
    }

    @Test
    void finishesWhatItHasAndTakesNoMoreOnceItIsToldToRefuse() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener running = new RecordingListener();
        RecordingListener waiting = new RecordingListener();
        RecordingListener late = new RecordingListener();
        submit("a", running);
        pause.awaitReached();
        submit("a", waiting);

        scheduler.refuseRequests();
        submit("a", late);

        assertInstanceOf(ServerStoppingException.class, late.awaitOutcome());
        assertFalse(scheduler.awaitIdle(Duration.ZERO));
        pause.resume();
        assertTrue(scheduler.awaitIdle(LONG));
        assertInstanceOf(LensOutcome.class, running.awaitOutcome());
        assertInstanceOf(LensOutcome.class, waiting.awaitOutcome());
    }

    @Test
    void stopsWhatRunsAndWaitsWithTheReasonOfTheServer() throws InterruptedException {
        load();
        Pause pause = engine.pauseRuns();
        RecordingListener running = new RecordingListener();
        RecordingListener waiting = new RecordingListener();
        submit("a", running);
        pause.awaitReached();
        submit("a", waiting);

        scheduler.refuseRequests();
        scheduler.stopRequests();

        assertInstanceOf(ServerStoppingException.class, running.awaitOutcome());
        assertInstanceOf(ServerStoppingException.class, waiting.awaitOutcome());
        assertTrue(scheduler.awaitIdle(LONG));
    }

    private void load() throws InterruptedException {
        CountDownLatch loaded = new CountDownLatch(2);
        registry.models().forEach(model -> Loaded.await(model, engine -> loaded.countDown()));
        mayLoad.countDown();
        registry.start();
        loaded.await();
    }

    private QueuedRequest submit(String model, RecordingListener listener) {
        QueuedRequest request = new QueuedRequest(request(2), listener);
        scheduler.submit(registry.find(model, "model"), request);
        return request;
    }

    private static RequestedPlan request(int tokens) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(new int[tokens])).build();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
