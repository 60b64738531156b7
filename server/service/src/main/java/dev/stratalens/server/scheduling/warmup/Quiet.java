package dev.stratalens.server.scheduling.warmup;

import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether the server has nothing to do. For one thread, except {@link #isNow}. */
final class Quiet {

    /** A caller who asks again as soon as an answer is there has asked by then. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ModelRegistry registry;
    private final LensScheduler scheduler;
    private final ComputeThread compute;
    private final LongSupplier nanoTime;
    private long requests;
    private long sinceNanos;

    Quiet(ModelRegistry registry, LensScheduler scheduler, ComputeThread compute, LongSupplier nanoTime) {
        this.registry = registry;
        this.scheduler = scheduler;
        this.compute = compute;
        this.nanoTime = nanoTime;
        this.sinceNanos = nanoTime.getAsLong() - PAUSE.toNanos();
    }

    /** Whether no request waits or runs, no other work waits for the computing thread, and no model is being loaded. */
    boolean isNow() {
        return !compute.isAsked() && scheduler.isIdle() && !registry.isLoading();
    }

    /** Whether it is quiet, and has been for a moment if there were requests. */
    boolean lasts() {
        long before = requests;
        requests = scheduler.requests();
        if (requests != before || !scheduler.isIdle()) {
            sinceNanos = nanoTime.getAsLong();
        }
        return isNow() && nanoTime.getAsLong() - sinceNanos >= PAUSE.toNanos();
    }
}
