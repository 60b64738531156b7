package dev.stratalens.server.scheduling;

import static java.util.Objects.requireNonNull;

import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Gives every request its turn: one queue a model, one thread that computes for all of them. Thread-safe. */
public final class LensScheduler {

    private final Map<NamedModel, ModelQueue> queues;
    private final AtomicLong requests = new AtomicLong();

    /**
     * @param compute runs the passes; the caller's to close
     * @param reading reads the texts of the requests, a few for each model at a time; the caller's to stop
     */
    public LensScheduler(ModelRegistry registry, SchedulerLimits limits, ComputeThread compute, Executor reading) {
        this(registry, limits, compute, reading, System::nanoTime);
    }

    /** @param nanoTime by which turns are shared out */
    LensScheduler(
            ModelRegistry registry,
            SchedulerLimits limits,
            ComputeThread compute,
            Executor reading,
            LongSupplier nanoTime) {
        queues = registry.models().stream()
                .collect(Collectors.toMap(
                        Function.identity(), model -> new ModelQueue(model, limits, compute, reading, nanoTime)));
    }

    /**
     * Takes a request in, or tells its listener what is wrong.
     *
     * @throws IllegalArgumentException if the model is not of the registry
     */
    public void submit(NamedModel model, QueuedRequest request) {
        ModelQueue queue = queues.get(model);
        if (queue == null) {
            throw new IllegalArgumentException("Model " + model.name() + " is not of this scheduler's registry.");
        }
        requests.incrementAndGet();
        queue.submit(request);
    }

    /** What the queue of a model of the registry holds now. */
    public QueueState state(NamedModel model) {
        return requireNonNull(queues.get(model)).state();
    }

    /** Requests so far. */
    public long requests() {
        return requests.get();
    }

    /** Whether no request waits or runs. */
    public boolean isIdle() {
        return queues.values().stream().allMatch(ModelQueue::isIdle);
    }

    /** Refuses new requests from now on. */
    public void refuseRequests() {
        queues.values().forEach(ModelQueue::refuseRequests);
    }

    /** Waits until every request has ended and no text is read; false if that takes longer than the limit. */
    public boolean awaitIdle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (ModelQueue queue : queues.values()) {
            if (!queue.awaitIdle(Duration.ofNanos(deadline - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /** Ends the requests that wait or run; their callers are told that the server is stopping. */
    public void stopRequests() {
        queues.values().forEach(queue -> queue.stopRequests(new ServerStoppingException()));
    }
}
