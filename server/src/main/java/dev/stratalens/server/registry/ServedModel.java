package dev.stratalens.server.registry;

import dev.stratalens.server.lens.LensEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A name and the state of the model behind it. Thread-safe. */
public final class ServedModel {

    private final String name;
    private final LoadPolicy policy;
    private final Consumer<ServedModel> onFirstRequest;
    private final AtomicBoolean requested = new AtomicBoolean();
    private final List<Consumer<ModelState>> observers = new ArrayList<>();
    private final CompletableFuture<LensEngine> engine = new CompletableFuture<>();
    private volatile ModelState state;

    /** @param onFirstRequest called once, by whoever asks first for a model that is loaded on demand; must not block */
    ServedModel(String name, LoadPolicy policy, Consumer<ServedModel> onFirstRequest) {
        this.name = name;
        this.policy = policy;
        this.onFirstRequest = onFirstRequest;
        this.state = policy == LoadPolicy.START ? new ModelState.Loading(0, 0) : new ModelState.NotLoaded();
    }

    public String name() {
        return name;
    }

    /** When it is loaded. */
    public LoadPolicy policy() {
        return policy;
    }

    /** Has the model loaded, if it waits to be asked for; returns at once. */
    public void request() {
        if (policy == LoadPolicy.ON_DEMAND && requested.compareAndSet(false, true)) {
            onFirstRequest.accept(this);
        }
    }

    /** The state now. */
    public ModelState state() {
        return state;
    }

    /** Requests the model and hands over the engine, which stays the registry's, or the reason why there is none: now, or once loading has ended. */
    public void whenLoaded(Consumer<LensEngine> ready, Consumer<Throwable> failed) {
        request();
        var unused = engine.whenComplete((loaded, failure) -> {
            if (failure == null) {
                ready.accept(loaded);
            } else {
                failed.accept(failure);
            }
        });
    }

    /** Tells an observer the state now and every later one, in order, one at a time; it must not block. */
    public synchronized void observe(Consumer<ModelState> observer) {
        observers.add(observer);
        observer.accept(state);
    }

    void become(ModelState next) {
        synchronized (this) {
            state = next;
            observers.forEach(observer -> observer.accept(next));
        }
        if (next instanceof ModelState.Ready ready) {
            engine.complete(ready.engine());
        } else if (next instanceof ModelState.Failed failed) {
            engine.completeExceptionally(failed.failure());
        }
    }
}
