package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.threads.Callback;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call that waits for a model, then for a thread, and is answered by the messages that that works out. Thread-safe. */
final class TextCall<R extends MessageLite> implements Runnable {

    private final ServerCallStreamObserver<R> observer;
    private final StreamWriter<R> writer;
    private final Function<LensEngine, Iterator<R>> responses;
    private final ThreadPoolExecutor threads;
    private final Runnable whenOver;
    private volatile Runnable waitNoMore = () -> {};
    // Guarded by this.
    private @Nullable Lease lease;
    private boolean working;
    private boolean over;

    /** @param whenOver told once */
    TextCall(
            ServerCallStreamObserver<R> observer,
            StreamWriter<R> writer,
            Function<LensEngine, Iterator<R>> responses,
            ThreadPoolExecutor threads,
            Runnable whenOver) {
        this.observer = observer;
        this.writer = writer;
        this.responses = responses;
        this.threads = threads;
        this.whenOver = whenOver;
    }

    void begin(NamedModel model) {
        observer.setOnCancelHandler(() -> {
            writer.cancel();
            cancel();
        });
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
            responses.apply(held.engine()).forEachRemaining(writer::write);
            // First its place, then its end: whoever hears of that may come again at once.
            end();
            writer.complete();
        } catch (Throwable failure) {
            end();
            Callback.run("an answer", () -> writer.fail(failure));
        }
    }

    /** Ends the call without an answer, unless it is worked on. */
    void fail(Throwable failure) {
        if (endUnlessWorking()) {
            Callback.run("an answer", () -> writer.fail(failure));
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
