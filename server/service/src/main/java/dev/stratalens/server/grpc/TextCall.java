package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.ServedModel;
import dev.stratalens.server.threads.Callback;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call that waits for a model, then for a thread, and is answered by what that works out. Thread-safe. */
final class TextCall<R> implements Runnable {

    private final ServerCallStreamObserver<R> observer;
    private final Function<LensEngine, R> response;
    private final ThreadPoolExecutor threads;
    private final Function<Throwable, StatusRuntimeException> statuses;
    private final Runnable whenOver;
    private volatile Runnable waitNoMore = () -> {};
    // Guarded by this.
    private @Nullable Lease lease;
    private boolean working;
    private boolean over;

    /** @param whenOver told once */
    TextCall(
            ServerCallStreamObserver<R> observer,
            Function<LensEngine, R> response,
            ThreadPoolExecutor threads,
            Function<Throwable, StatusRuntimeException> statuses,
            Runnable whenOver) {
        this.observer = observer;
        this.response = response;
        this.threads = threads;
        this.statuses = statuses;
        this.whenOver = whenOver;
    }

    void begin(ServedModel model) {
        observer.setOnCancelHandler(this::cancel);
        Runnable end = model.whenLoaded(this::enqueue, this::fail);
        waitNoMore = end;
        if (isOver()) {
            // It may have been called off before it was known how.
            end.run();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** The model is there; a thread has to be found. */
    private void enqueue(Lease granted) {
        synchronized (this) {
            if (over) {
                granted.close();
                return;
            }
            lease = granted;
        }
        try {
            threads.execute(this);
        } catch (RejectedExecutionException stopping) {
            fail(new ServerStoppingException());
        }
    }

    // Throwable: the caller must hear of whatever goes wrong, and the thread serves others.
    @Override
    public void run() {
        Lease held;
        synchronized (this) {
            held = lease;
            if (over || held == null) {
                return;
            }
            working = true;
        }
        try {
            R message = response.apply(held.engine());
            Callback.run("an answer", () -> {
                observer.onNext(message);
                observer.onCompleted();
            });
        } catch (Throwable failure) {
            Callback.run("an answer", () -> observer.onError(statuses.apply(failure)));
        } finally {
            end();
        }
    }

    /** Ends the call without an answer, unless it is worked on. */
    void fail(Throwable failure) {
        if (endUnlessWorking()) {
            Callback.run("an answer", () -> observer.onError(statuses.apply(failure)));
        }
    }

    private void cancel() {
        if (endUnlessWorking()) {
            waitNoMore.run();
            threads.remove(this);
        }
    }

    private boolean endUnlessWorking() {
        synchronized (this) {
            if (over || working) {
                return false;
            }
        }
        return end();
    }

    /** Lets everything go; false if that was done before. */
    private boolean end() {
        Lease held;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            held = lease;
        }
        if (held != null) {
            held.close();
        }
        whenOver.run();
        return true;
    }
}
