package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ServingState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners of requests that throw errors, and listeners that need other threads, which need the locks of the scheduler. */
@Timeout(60)
final class ThrowingListenerTest {

    private TwoModels models;

    @BeforeEach
    void load() throws InterruptedException {
        models = TwoModels.load();
    }

    @AfterEach
    void close() throws InterruptedException {
        models.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "started", "layer", "completed", "failed"})
    void anErrorInAListenerEndsNoThreadAndHoldsNoModel(String event) throws InterruptedException {
        if (event.equals("failed")) {
            models.a.failWith(new IllegalStateException("made up"));
        }
        submit(new At(event, request -> {
            throw new OutOfMemoryError("made up");
        }));
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));

        assertTrue(models.compute.threads().get(0).isUp());
        if (!event.equals("failed")) {
            assertInstanceOf(LensOutcome.class, models.submit("a", 3).awaitOutcome());
        }
        assertInstanceOf(LensOutcome.class, models.submit("b", 3).awaitOutcome());
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
        assertEquals(0, models.model("a").leases());
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "started", "layer", "completed", "failed"})
    void aListenerMayNeedAnotherThreadThatNeedsTheLocks(String event) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (event.equals("failed")) {
            models.a.failWith(new IllegalStateException("made up"));
        }
        submit(new At(event, request -> {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                request.cancel();
                models.model("a").lease().ifPresent(Lease::close);
                models.submit("a", 1);
            });
            // A deadlock would end here, as a failure of the test.
            var unused = other.orTimeout(20, TimeUnit.SECONDS).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            });
            other.join();
        }));

        done.join();
    }

    @Test
    void anErrorOfAWaitingRequestLetsTheRunningOneEnd() throws InterruptedException {
        Pause pause = models.a.pauseRuns();
        TwoModels.Submitted running = models.submit("a", 2);
        pause.awaitReached();

        submit(new At("queued", request -> {
            throw new StackOverflowError("made up");
        }));
        models.a.pauseNoMore();
        pause.resume();

        assertInstanceOf(LensOutcome.class, running.awaitOutcome());
    }

    private void submit(At listener) {
        QueuedRequest request = new QueuedRequest(
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[2])).build(), listener);
        listener.isOf(request);
        models.scheduler.submit(models.model("a"), request);
    }

    /** Does something at the first event of a kind. */
    static final class At extends ForwardingListener {

        private final String event;
        private final Consumer<QueuedRequest> action;
        private final CompletableFuture<QueuedRequest> request = new CompletableFuture<>();
        private boolean done;

        At(String event, Consumer<QueuedRequest> action) {
            this.event = event;
            this.action = action;
        }

        void isOf(QueuedRequest submitted) {
            request.complete(submitted);
        }

        @Override
        void hears(String what) {
            if (what.equals(event) && !done) {
                done = true;
                action.accept(request.join());
            }
        }
    }

    /** A listener whose events have names. */
    abstract static class ForwardingListener implements RequestListener {

        abstract void hears(String what);

        @Override
        public void loading(ServingState.Loading progress) {
            hears("loading");
        }

        @Override
        public void queued(int ahead) {
            hears("queued");
        }

        @Override
        public void started(RequestStart start) {
            hears("started");
        }

        @Override
        public void failed(Throwable failure) {
            hears("failed");
        }

        @Override
        public void completed(LensOutcome outcome) {
            hears("completed");
        }

        @Override
        public void progress(Phase phase, long done, long total) {}

        @Override
        public void targets(FinalTargets targets) {}

        @Override
        public void cells(CellReadout readout) {
            hears("layer");
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {}
    }
}
