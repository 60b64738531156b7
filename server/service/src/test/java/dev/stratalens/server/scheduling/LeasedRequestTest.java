package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests hold their model from the moment at which they are taken in until nothing computes for them any more. */
@Timeout(60)
class LeasedRequestTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int TOO_MANY_TOKENS = 60;

    private final BlockingQueue<FakeLensEngine> engines = new LinkedBlockingQueue<>();
    private final ModelRegistry registry = new ModelRegistry(List.of("a"), LoadPolicy.ON_DEMAND, (name, listener) -> {
        FakeLensEngine engine = FakeLensEngine.named(name);
        engines.add(engine);
        return engine;
    });
    private final NamedModel model = registry.find("a", "model");
    private final ComputeThread compute = new ComputeThread();
    private final LensScheduler scheduler = new LensScheduler(
            registry, new SchedulerLimits(8, 100 * FakeLensEngine.BYTES_PER_CELL, 256), compute, Runnable::run);

    @BeforeEach
    void start() {
        registry.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        scheduler.refuseRequests();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(LONG));
        compute.close();
        registry.close();
    }

    @Test
    void aRequestThatRunsAndOneThatWaitsHoldTheModel() throws InterruptedException {
        Pause pause = loaded().pauseRuns();
        RecordingListener running = submit(2);
        pause.awaitReached();
        RecordingListener waiting = submit(2);
        assertEquals(2, model.leases());

        pause.resume();

        assertInstanceOf(LensOutcome.class, running.awaitOutcome());
        assertInstanceOf(LensOutcome.class, waiting.awaitOutcome());
        awaitNoLease();
    }

    @Test
    void aRequestThatIsCanceledOrRefusedHoldsNothing() throws InterruptedException {
        Pause pause = loaded().pauseRuns();
        submit(2);
        pause.awaitReached();
        RecordingListener canceled = new RecordingListener();
        QueuedRequest request = request(2, canceled);
        scheduler.submit(model, request);

        request.cancel();
        canceled.awaitOutcome();
        assertInstanceOf(
                MemoryLimitExceededException.class, submit(TOO_MANY_TOKENS).awaitOutcome());

        assertEquals(1, model.leases());
        pause.resume();
        awaitNoLease();
    }

    @Test
    void aRequestThatFailsHoldsNothing() throws InterruptedException {
        IllegalStateException fault = new IllegalStateException("made up");
        loaded().failWith(fault);

        assertEquals(fault, submit(2).awaitOutcome());

        awaitNoLease();
    }

    @Test
    void weightsAreNotPulledFromUnderAPassWhoseOnlyRequestWasCanceled() throws Exception {
        FakeLensEngine engine = loaded();
        Pause pause = engine.pauseRuns();
        RecordingListener listener = new RecordingListener();
        QueuedRequest request = request(2, listener);
        scheduler.submit(model, request);
        pause.awaitReached();
        CompletableFuture<Void> unload = model.unload();

        request.cancel();
        unload.get(20, TimeUnit.SECONDS);

        assertTrue(engine.isClosed());
        assertFalse(engine.isRunning());
    }

    @Test
    void aRequestThatComesWhileTheModelIsUnloadedRunsOnTheNextEngine() throws Exception {
        FakeLensEngine before = loaded();
        Pause pause = before.pauseRuns();
        RecordingListener running = submit(2);
        pause.awaitReached();
        CompletableFuture<Void> unload = model.unload();
        RecordingListener later = submit(2);
        assertEquals(1, model.leases());

        pause.resume();

        assertInstanceOf(LensOutcome.class, running.awaitOutcome());
        assertInstanceOf(LensOutcome.class, later.awaitOutcome());
        unload.get(20, TimeUnit.SECONDS);
        assertEquals(2, before.passes().size(), "the first and the one that ran");
        assertTrue(before.isClosed());
        assertTrue(later.heard().get(0).startsWith("loading"), later.heard().toString());
    }

    @Test
    void unloadingAllTheTimeLosesNoRequest() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            RecordingListener listener = submit(2);
            var unused = model.unload();
            assertInstanceOf(LensOutcome.class, listener.awaitOutcome());
        }
    }

    private FakeLensEngine loaded() throws InterruptedException {
        assertInstanceOf(LensOutcome.class, submit(1).awaitOutcome());
        awaitNoLease();
        return engines.take();
    }

    private RecordingListener submit(int tokens) {
        RecordingListener listener = new RecordingListener();
        scheduler.submit(model, request(tokens, listener));
        return listener;
    }

    private static QueuedRequest request(int tokens, RecordingListener listener) {
        return new QueuedRequest(
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[tokens])).build(), listener);
    }

    private void awaitNoLease() throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (model.leases() > 0) {
            assertTrue(System.nanoTime() < deadline, "still held by " + model.leases());
            Thread.sleep(1);
        }
    }
}
