package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.model.ComputeChoice;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.error.ModelInUseException;
import dev.stratalens.server.models.ServingState.Loading.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A name and the state of the model behind it. Requests hold a model by leases; a model that is held is never freed.
 * Observers and those who wait are called one at a time, in the order of the events, on the thread of any of these calls,
 * and never under the lock. Thread-safe.
 */
public final class NamedModel {

    private final String name;
    private final LoadPolicy policy;
    private final Memory memory;
    private final LongSupplier nanoTime;
    // Guarded by this, but read anywhere.
    private volatile ServingState state;
    private volatile int leases;
    private volatile boolean warming;
    private volatile long lastUsedNanos;
    private volatile long memoryBytes;
    private volatile Map<Device, Long> cardBytes = Map.of();
    private volatile boolean starting;
    private volatile @Nullable ComputeChoice computeChoice;
    // Guarded by this.
    private final ModelFollowers followers = new ModelFollowers();
    private final List<CompletableFuture<Void>> unloads = new ArrayList<>();
    private @Nullable RuntimeException ended;
    private boolean wantedAgain;
    private boolean freeing;
    private int failures;
    private long retryNanos;

    /** Brings models into memory and out of it, later on and elsewhere. */
    interface Memory {

        /**
         * Has it loaded; it becomes ready or failed. Called under the lock: must not block.
         *
         * @return where it stands until its turn comes
         */
        ServingState.Loading load(NamedModel model);

        /** Has its engine closed; {@link #freed} follows. Called under the lock: must not block. */
        void free(NamedModel model, LensEngine engine);
    }

    /** @param nanoTime by which models are left alone after a failure, and by which the least recently used is found */
    NamedModel(String name, LoadPolicy policy, Memory memory, LongSupplier nanoTime) {
        this.name = name;
        this.policy = policy;
        this.memory = memory;
        this.nanoTime = nanoTime;
        this.starting = policy == LoadPolicy.START;
        this.state = starting ? ServingState.Loading.begun() : new ServingState.NotLoaded();
    }

    public String name() {
        return name;
    }

    /** When it is loaded first. */
    public LoadPolicy policy() {
        return policy;
    }

    /** The state now. */
    public ServingState state() {
        return state;
    }

    /** Whether the server's start waits for it: it has to be loaded, and has not been yet. */
    public boolean isStarting() {
        return starting;
    }

    /** Requests that hold it now. */
    public int leases() {
        return leases;
    }

    /** Whether a request or its own warm-up holds it now. */
    public boolean isHeld() {
        return leases > 0 || warming;
    }

    /** Bytes that its weights take of this machine's memory, or are about to; 0 where it takes none. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** The same on each device with weights. */
    public Map<Device, Long> deviceBytes() {
        Map<Device, Long> bytes = new LinkedHashMap<>(cardBytes);
        if (memoryBytes > 0) {
            bytes.put(Device.CPU, memoryBytes);
        }
        return bytes;
    }

    /** Tensors of its weights, and of what runs; 0 while it is not loaded. */
    public int openTensors() {
        return state instanceof ServingState.Ready ready ? ready.engine().openTensors() : 0;
    }

    /** In which type it computes, and why; empty before it was loaded first, and where its loader does not say. */
    public Optional<ComputeChoice> computeChoice() {
        return Optional.ofNullable(computeChoice);
    }

    /** How long ago it was asked last, or loaded if it has not been asked. Only of one that is loaded. */
    public Duration unusedFor() {
        return leases > 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - lastUsedNanos);
    }

    /** A lease if the model is ready; otherwise none, and the model is loaded if it can be. */
    public Optional<Lease> lease() {
        Optional<Lease> lease;
        synchronized (this) {
            lease = leaseNow();
        }
        followers.tellAll();
        return lease;
    }

    /** A lease for one pass of a warm-up if the model is ready; it is neither a request nor a use of the model. */
    public synchronized Optional<Lease> leaseToWarmUp() {
        if (warming || !(state instanceof ServingState.Ready ready)) {
            return Optional.empty();
        }
        warming = true;
        return Optional.of(new Lease(ready.engine(), this::warmedUp));
    }

    private synchronized void warmedUp() {
        warming = false;
        freeIfUnheld();
    }

    private Optional<Lease> leaseNow() {
        if (state instanceof ServingState.Ready ready) {
            return Optional.of(newLease(ready.engine()));
        }
        requestLoad();
        return Optional.empty();
    }

    /** Has the model loaded, unless it is, or failed to load a moment ago; returns at once. */
    public void request() {
        synchronized (this) {
            requestLoad();
        }
        followers.tellAll();
    }

    /** As {@link #request}, but a model that failed a moment ago is tried at once. */
    public void requestNow() {
        synchronized (this) {
            retryNanos = nanoTime.getAsLong();
            requestLoad();
        }
        followers.tellAll();
    }

    private void requestLoad() {
        if (ended != null) {
            return;
        }
        if (state instanceof ServingState.Unloading) {
            wantedAgain = true;
        } else if (state instanceof ServingState.NotLoaded
                || (state instanceof ServingState.Failed && nanoTime.getAsLong() - retryNanos >= 0)) {
            change(memory.load(this));
        }
    }

    /**
     * Requests the model and hands over a lease, which the receiver ends, or the reason why there is none: now, or once
     * loading has ended. Neither receiver may block.
     *
     * @return ends the waiting; does nothing once there was an answer
     */
    public Runnable whenLoaded(Consumer<Lease> ready, Consumer<Throwable> failed) {
        ModelFollowers.Waiter waiter = new ModelFollowers.Waiter(ready, failed);
        synchronized (this) {
            Optional<Lease> lease = leaseNow();
            if (lease.isPresent()) {
                followers.serve(waiter, lease.get());
            } else if (state instanceof ServingState.Failed failure) {
                followers.add(() -> failed.accept(failure.failure()));
            } else if (ended != null) {
                RuntimeException reason = ended;
                followers.add(() -> failed.accept(reason));
            } else {
                followers.awaits(waiter);
            }
        }
        followers.tellAll();
        return () -> forget(waiter);
    }

    private synchronized void forget(ModelFollowers.Waiter waiter) {
        followers.forget(waiter);
    }

    /** Callers that wait for it to be loaded, beside those that follow its state. */
    synchronized int waiting() {
        return followers.waiting();
    }

    /**
     * Tells an observer the state now and every later one, in order, one at a time; it must not block.
     *
     * @return ends that
     */
    public Runnable observe(Consumer<ServingState> observer) {
        synchronized (this) {
            followers.observe(observer, state);
        }
        followers.tellAll();
        return () -> forget(observer);
    }

    private synchronized void forget(Consumer<ServingState> observer) {
        followers.forget(observer);
    }

    /**
     * Frees the model once the requests that came before this call hold it no more; later ones wait and load it again.
     * The result completes when the memory is free, at once if the model takes none.
     */
    public CompletableFuture<Void> unload() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (state instanceof ServingState.NotLoaded || state instanceof ServingState.Failed) {
                done.complete(null);
                return done;
            }
            unloads.add(done);
            if (state instanceof ServingState.Ready ready) {
                beginToUnload(ready);
            }
        }
        followers.tellAll();
        return done;
    }

    /**
     * Waits no longer for the requests that hold the model: the result of {@link #unload} fails with
     * {@link ModelInUseException}, and unless another caller still waits, the model stays. Does nothing if no request holds it.
     */
    public void callOff(CompletableFuture<Void> unload) {
        synchronized (this) {
            if (freeing || !unloads.removeIf(other -> other == unload)) {
                return;
            }
            ModelInUseException reason = new ModelInUseException(name, leases);
            if (unloads.isEmpty() && state instanceof ServingState.Unloading unloading) {
                wantedAgain = false;
                settle(new ServingState.Ready(unloading.engine()));
            }
            followers.add(() -> unload.completeExceptionally(reason));
        }
        followers.tellAll();
    }

    /**
     * Loading goes on, or has ended.
     *
     * @return false if loading was ended meanwhile; the caller closes the engine then
     */
    boolean become(ServingState next) {
        synchronized (this) {
            if (ended != null && !(next instanceof ServingState.Failed)) {
                return false;
            }
            settle(next);
        }
        followers.tellAll();
        return true;
    }

    /** It is loaded after so many others, 0 once its turn has come; told again and again. */
    void waitsFor(int others) {
        synchronized (this) {
            if (state instanceof ServingState.Loading loading && (others > 0 || loading.step() == Step.QUEUED)) {
                change(loading.behind(others));
            }
        }
        followers.tellAll();
    }

    /** It is loaded no more: those who wait hear the reason. */
    void end(RuntimeException reason) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = reason;
            if (state instanceof ServingState.Loading) {
                settle(new ServingState.Failed(reason));
            } else if (!(state instanceof ServingState.Ready)) {
                followers.failWaiters(reason);
            }
        }
        followers.tellAll();
    }

    void computesBy(ComputeChoice choice) {
        computeChoice = choice;
    }

    void needs(long bytes) {
        memoryBytes = bytes;
    }

    /** Whether it is loaded, and neither a request nor its warm-up holds it. */
    boolean isIdle() {
        return !isHeld() && state instanceof ServingState.Ready;
    }

    /** Bytes that its weights take on each card, or are about to. */
    Map<Device, Long> cardBytes() {
        return cardBytes;
    }

    /** What its weights take, or are about to, beside this machine's memory. */
    void needsOnCards(Map<Device, Long> bytes) {
        cardBytes = Map.copyOf(bytes);
    }

    /** The engine of a model that no request holds, to be closed now; {@link #freed} must follow. */
    Optional<LensEngine> takeIfIdle() {
        LensEngine engine;
        synchronized (this) {
            if (isHeld() || !(state instanceof ServingState.Ready ready)) {
                return Optional.empty();
            }
            engine = ready.engine();
            freeing = true;
            change(new ServingState.Unloading(engine));
        }
        followers.tellAll();
        return Optional.of(engine);
    }

    /** Its engine is closed. */
    void freed() {
        synchronized (this) {
            freeing = false;
            memoryBytes = 0;
            cardBytes = Map.of();
            settle(new ServingState.NotLoaded());
            if (wantedAgain) {
                wantedAgain = false;
                requestLoad();
            }
        }
        followers.tellAll();
    }

    /** Under the lock, as all that follows. */
    private void settle(ServingState next) {
        if (next instanceof ServingState.Ready) {
            lastUsedNanos = nanoTime.getAsLong();
            failures = 0;
        } else if (next instanceof ServingState.Failed failed) {
            memoryBytes = 0;
            cardBytes = Map.of();
            failures++;
            retryNanos = nanoTime.getAsLong()
                    + RetryPause.after(failed.failure(), failures).toNanos();
        }
        starting &= next instanceof ServingState.Loading;
        change(next);
        if (next instanceof ServingState.Ready ready) {
            followers.serveWaiters(() -> newLease(ready.engine()));
            if (!unloads.isEmpty()) {
                beginToUnload(ready);
            }
        } else if (next instanceof ServingState.Failed failed) {
            followers.failWaiters(failed.failure());
        }
        if (next instanceof ServingState.NotLoaded || next instanceof ServingState.Failed) {
            unloads.forEach(unload -> followers.add(() -> unload.complete(null)));
            unloads.clear();
        }
    }

    private void beginToUnload(ServingState.Ready ready) {
        change(new ServingState.Unloading(ready.engine()));
        freeIfUnheld();
    }

    private void freeIfUnheld() {
        if (!isHeld() && !freeing && state instanceof ServingState.Unloading unloading) {
            freeing = true;
            memory.free(this, unloading.engine());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private Lease newLease(LensEngine engine) {
        leases++;
        return new Lease(engine, this::giveBack);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private synchronized void giveBack() {
        leases--;
        lastUsedNanos = nanoTime.getAsLong();
        freeIfUnheld();
    }

    private void change(ServingState next) {
        state = next;
        followers.changed(next);
    }
}
