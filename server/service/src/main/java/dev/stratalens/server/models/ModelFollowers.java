package dev.stratalens.server.models;

import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.threads.CallsInOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Observers of one model's state, and callers that wait for the model. What they are to hear is added under the lock of the model, in the
 * order of the events, and told by {@link #tellAll} without it, one at a time. Not thread-safe, except for that.
 */
final class ModelFollowers {

    private final CallsInOrder calls = new CallsInOrder("an observer of a model");
    private final List<Consumer<ServingState>> observers = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();

    /**
     * Waits for a lease.
     *
     * @param ready takes the lease over
     * @param failed hears why there is none
     */
    record Waiter(Consumer<Lease> ready, Consumer<Throwable> failed) {

        /** A lease that could not be handed over comes back. */
        private void serve(Lease lease) {
            try {
                ready.accept(lease);
            } catch (Throwable fault) {
                lease.close();
                throw fault;
            }
        }
    }

    /** Tells what was added. Not to be called under a lock. */
    void tellAll() {
        calls.makeAll();
    }

    /** Adds a call in its order. */
    void add(Runnable call) {
        calls.add(call);
    }

    /** An observer hears the state now, and every later one. */
    void observe(Consumer<ServingState> observer, ServingState now) {
        observers.add(observer);
        tell(List.of(observer), now);
    }

    void forget(Consumer<ServingState> observer) {
        observers.remove(observer);
    }

    /** The state changed. */
    void changed(ServingState next) {
        tell(List.copyOf(observers), next);
    }

    private void tell(List<Consumer<ServingState>> some, ServingState state) {
        calls.add(() -> some.forEach(observer -> Callback.run("an observer of a model", () -> observer.accept(state))));
    }

    void awaits(Waiter waiter) {
        waiters.add(waiter);
    }

    void forget(Waiter waiter) {
        waiters.remove(waiter);
    }

    int waiting() {
        return waiters.size();
    }

    /** Hands a lease over. */
    void serve(Waiter waiter, Lease lease) {
        calls.add(() -> waiter.serve(lease));
    }

    /** Hands a lease to each that waits. */
    void serveWaiters(Supplier<Lease> leases) {
        waiters.forEach(waiter -> serve(waiter, leases.get()));
        waiters.clear();
    }

    /** There is no lease for those that wait. */
    void failWaiters(Throwable reason) {
        waiters.forEach(waiter -> calls.add(() -> waiter.failed().accept(reason)));
        waiters.clear();
    }
}
