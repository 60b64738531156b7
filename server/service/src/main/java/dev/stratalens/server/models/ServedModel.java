package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ModelInUseException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A name and the state of the model behind it. Requests hold a model by leases; a model that is held is never freed.
 * Thread-safe.
 */
public final class ServedModel {

    private final String name;
    private final LoadPolicy policy;
    private final Memory memory;
    private final LongSupplier nanoTime;
    private final List<Consumer<ModelState>> observers = new CopyOnWriteArrayList<>();
    // Guarded by this, but read anywhere.
    private volatile ModelState state;
    private volatile int leases;
    private volatile long lastUsedNanos;
    private volatile long memoryBytes;
    private volatile boolean starting;
    // Guarded by this.
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<CompletableFuture<Void>> unloads = new ArrayList<>();
    private final Deque<ModelState> untold = new ArrayDeque<>();
    private boolean wantedAgain;
    private boolean freeing;
    private int failures;
    private long retryNanos;

    /** Brings models into memory and out of it, later on and elsewhere. */
    interface Memory {

        /** Has it loaded; it becomes ready or failed. Must not block. */
        void load(ServedModel model);

        /** Has its engine closed; {@link #freed} follows. Must not block. */
        void free(ServedModel model, LensEngine engine);
    }

    private record Waiter(Consumer<LensEngine> ready, Consumer<Throwable> failed) {

        void serve(Lease lease) {
            try (lease) {
                ready.accept(lease.engine());
            }
        }
    }

    /** @param nanoTime by which models are left alone after a failure, and by which the least recently used is found */
    ServedModel(String name, LoadPolicy policy, Memory memory, LongSupplier nanoTime) {
        this.name = name;
        this.policy = policy;
        this.memory = memory;
        this.nanoTime = nanoTime;
        this.starting = policy == LoadPolicy.START;
        this.state = starting ? ModelState.Loading.begun() : new ModelState.NotLoaded();
    }

    public String name() {
        return name;
    }

    /** When it is loaded first. */
    public LoadPolicy policy() {
        return policy;
    }

    /** The state now. */
    public ModelState state() {
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

    /** Bytes that its weights take, or are about to; 0 where it takes none. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** How long ago it was asked last, or loaded if it has not been asked. Only of one that is loaded. */
    public Duration unusedFor() {
        return leases > 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - lastUsedNanos);
    }

    /** A lease if the model is ready; otherwise none, and the model is loaded if it can be. */
    public synchronized Optional<Lease> lease() {
        if (state instanceof ModelState.Ready ready) {
            return Optional.of(newLease(ready.engine()));
        }
        request();
        return Optional.empty();
    }

    /** Has the model loaded, unless it is, or failed to load a moment ago; returns at once. */
    public synchronized void request() {
        if (state instanceof ModelState.Unloading) {
            wantedAgain = true;
        } else if (state instanceof ModelState.NotLoaded
                || (state instanceof ModelState.Failed && nanoTime.getAsLong() - retryNanos >= 0)) {
            change(ModelState.Loading.begun());
            memory.load(this);
        }
    }

    /** As {@link #request}, but a model that failed a moment ago is tried at once. */
    public synchronized void requestNow() {
        retryNanos = nanoTime.getAsLong();
        request();
    }

    /**
     * Requests the model and hands over its engine, for as long as the call of {@code ready} takes, or the reason why there
     * is none: now, or once loading has ended.
     */
    public void whenLoaded(Consumer<LensEngine> ready, Consumer<Throwable> failed) {
        Waiter waiter = new Waiter(ready, failed);
        Optional<Lease> lease;
        ModelState now;
        synchronized (this) {
            lease = lease();
            now = state;
            if (lease.isEmpty() && !(now instanceof ModelState.Failed)) {
                waiters.add(waiter);
            }
        }
        if (lease.isPresent()) {
            waiter.serve(lease.get());
        } else if (now instanceof ModelState.Failed failure) {
            failed.accept(failure.failure());
        }
    }

    /**
     * Tells an observer the state now and every later one, in order, one at a time; it must not block.
     *
     * @return ends that
     */
    public synchronized Runnable observe(Consumer<ModelState> observer) {
        observers.add(observer);
        observer.accept(state);
        return () -> observers.remove(observer);
    }

    /**
     * Frees the model once nobody holds it any more, those who came before this call; later requests wait and load it again.
     * The result completes when the memory is free, at once if the model takes none.
     */
    public CompletableFuture<Void> unload() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (state instanceof ModelState.NotLoaded || state instanceof ModelState.Failed) {
                done.complete(null);
                return done;
            }
            unloads.add(done);
            if (state instanceof ModelState.Ready ready) {
                beginToUnload(ready);
            }
        }
        return done;
    }

    /**
     * Waits no longer for the requests that hold the model: the result of {@link #unload} fails with
     * {@link ModelInUseException}, and unless another caller still waits, the model stays. Does nothing if nobody holds it.
     */
    public void callOff(CompletableFuture<Void> unload) {
        List<Runnable> consequences = List.of();
        ModelInUseException reason;
        synchronized (this) {
            if (freeing || !unloads.removeIf(other -> other == unload)) {
                return;
            }
            reason = new ModelInUseException(name, leases);
            if (unloads.isEmpty() && state instanceof ModelState.Unloading unloading) {
                wantedAgain = false;
                consequences = settle(new ModelState.Ready(unloading.engine()));
            }
        }
        consequences.forEach(Runnable::run);
        unload.completeExceptionally(reason);
    }

    /** Loading goes on, or has ended. */
    void become(ModelState next) {
        List<Runnable> consequences;
        synchronized (this) {
            consequences = settle(next);
        }
        consequences.forEach(Runnable::run);
    }

    void needs(long bytes) {
        memoryBytes = bytes;
    }

    /** The engine of a model that nobody holds, to be closed now; {@link #freed} must follow. */
    synchronized Optional<LensEngine> takeIfIdle() {
        if (leases > 0 || !(state instanceof ModelState.Ready ready)) {
            return Optional.empty();
        }
        freeing = true;
        change(new ModelState.Unloading(ready.engine()));
        return Optional.of(ready.engine());
    }

    /** Its engine is closed. */
    void freed() {
        List<Runnable> consequences;
        synchronized (this) {
            freeing = false;
            memoryBytes = 0;
            consequences = settle(new ModelState.NotLoaded());
            if (wantedAgain) {
                wantedAgain = false;
                request();
            }
        }
        consequences.forEach(Runnable::run);
    }

    /** Under the lock; the result is to be run without it. */
    private List<Runnable> settle(ModelState next) {
        List<Runnable> consequences = new ArrayList<>();
        if (next instanceof ModelState.Ready) {
            lastUsedNanos = nanoTime.getAsLong();
            failures = 0;
        } else if (next instanceof ModelState.Failed failed) {
            memoryBytes = 0;
            failures++;
            retryNanos = nanoTime.getAsLong()
                    + RetryPause.after(failed.failure(), failures).toNanos();
        }
        starting &= next instanceof ModelState.Loading;
        change(next);
        if (next instanceof ModelState.Ready ready) {
            waiters.forEach(waiter -> {
                Lease lease = newLease(ready.engine());
                consequences.add(() -> waiter.serve(lease));
            });
            waiters.clear();
            if (!unloads.isEmpty()) {
                beginToUnload(ready);
            }
        } else if (next instanceof ModelState.Failed failed) {
            waiters.forEach(waiter -> consequences.add(() -> waiter.failed().accept(failed.failure())));
            waiters.clear();
        }
        if (next instanceof ModelState.NotLoaded || next instanceof ModelState.Failed) {
            unloads.forEach(unload -> consequences.add(() -> unload.complete(null)));
            unloads.clear();
        }
        return consequences;
    }

    private void beginToUnload(ModelState.Ready ready) {
        change(new ModelState.Unloading(ready.engine()));
        freeIfUnheld();
    }

    private void freeIfUnheld() {
        if (leases == 0 && !freeing && state instanceof ModelState.Unloading unloading) {
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

    /** An observer may cause the next change, of which everybody hears after this one. */
    private void change(ModelState next) {
        state = next;
        untold.add(next);
        if (untold.size() == 1) {
            for (ModelState told = next; told != null; told = untold.peek()) {
                ModelState now = told;
                observers.forEach(observer -> observer.accept(now));
                untold.remove();
            }
        }
    }
}
