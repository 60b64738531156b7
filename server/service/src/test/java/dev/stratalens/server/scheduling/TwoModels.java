package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.models.Loaded;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A scheduler of two loaded models without weights, "a" and "b", by a clock that stands still. */
final class TwoModels {

    static final Duration LONG = Duration.ofSeconds(20);

    /** Tokens of a pass. */
    static final int PASS = 24;
    /** Tokens that there is memory for, in a prompt or a pass. */
    static final int MEMORY = 60;

    final FakeLensEngine a = FakeLensEngine.named("a");
    final FakeLensEngine b = FakeLensEngine.named("b");
    final ManualClock clock = new ManualClock();
    private final ModelRegistry registry;
    final ComputeThread compute = new ComputeThread();
    final LensScheduler scheduler;

    private TwoModels(Map<Device, Long> weights) {
        registry = new ModelRegistry(List.of("a", "b"), (name, listener) -> {
            listener.placed(Placement.inStages(List.copyOf(weights.keySet()), FakeModel.BLOCKS), weights);
            return name.equals("a") ? a : b;
        });
        scheduler = new LensScheduler(
                registry,
                new SchedulerLimits(8, (long) MEMORY * FakeModel.BLOCKS * FakeLensEngine.BYTES_PER_CELL, PASS),
                compute,
                Runnable::run,
                clock);
    }

    /** On the processor. */
    static TwoModels load() throws InterruptedException {
        return load(Map.of(Device.CPU, 1L));
    }

    /** With weights on devices. */
    static TwoModels load(Map<Device, Long> weights) throws InterruptedException {
        TwoModels models = new TwoModels(weights);
        CountDownLatch loaded = new CountDownLatch(2);
        models.registry.models().forEach(model -> Loaded.await(model, engine -> loaded.countDown()));
        models.registry.start();
        loaded.await();
        return models;
    }

    /** Submits a prompt of so many tokens, all layers and positions. */
    Submitted submit(String model, int tokens) {
        return submit(model, tokens, Caller.ANYBODY, WhenFull.REFUSE);
    }

    /** As {@link #submit(String, int)}, to be computed in a pass of its own. */
    Submitted submitAlone(String model, int tokens) {
        return submit(model, tokens, Caller.ANYBODY, WhenFull.REFUSE, QueuedRequest::runAlone);
    }

    /** As {@link #submit(String, int)}, single or of a batch. */
    Submitted submit(String model, int tokens, Caller caller, WhenFull whenFull) {
        return submit(model, tokens, caller, whenFull, request -> {});
    }

    private Submitted submit(
            String model, int tokens, Caller caller, WhenFull whenFull, Consumer<QueuedRequest> before) {
        RecordingListener listener = new RecordingListener();
        QueuedRequest request = new QueuedRequest(
                RequestedPlan.builder(new LensPrompt.TokenIds(new int[tokens])).build(),
                listener,
                whenFull,
                Admission.free(caller));
        before.accept(request);
        scheduler.submit(registry.find(model, "model"), request);
        return new Submitted(request, listener);
    }

    NamedModel model(String name) {
        return registry.find(name, "model");
    }

    /** Ends whatever waits or runs. */
    void close() throws InterruptedException {
        scheduler.refuseRequests();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(LONG));
        compute.close();
        registry.close();
    }

    record Submitted(QueuedRequest request, RecordingListener listener) {

        List<String> heard() {
            return listener.heard();
        }

        boolean hasEnded() {
            return listener.hasAnotherOutcome();
        }

        Object awaitOutcome() throws InterruptedException {
            return listener.awaitOutcome();
        }
    }
}
