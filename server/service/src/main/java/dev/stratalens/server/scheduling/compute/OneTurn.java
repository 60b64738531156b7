package dev.stratalens.server.scheduling.compute;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.server.error.ServerStoppingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A piece of work that takes one turn of the computing thread, while the caller waits for its result. */
final class OneTurn<T> implements ComputeThread.Worker {

    private final Supplier<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    OneTurn(Supplier<T> work) {
        this.work = work;
    }

    @Override
    public void takeTurn() {
        try {
            result.complete(work.get());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
    }

    /** How long it takes is not known. */
    @Override
    public boolean takeShortTurn(Load room, Interlude meanwhile) {
        return false;
    }

    @Override
    public void closed() {
        result.completeExceptionally(new ServerStoppingException());
    }

    /**
     * Waits for the result. Work that has begun is waited for even by a thread that is interrupted: what it uses must not be
     * freed under it.
     *
     * @param withdraw takes it back; false if it has begun
     */
    T await(BooleanSupplier withdraw) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (withdraw.getAsBoolean()) {
                        closed();
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
