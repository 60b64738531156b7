package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.models.NamedModel;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;

/**
 * Calls that read text as a model does, and are answered by messages of bounded size. They are worked on by threads of their own, so that
 * however long that takes, health checks are answered; no more than so many of each model wait or are
 * worked on, and who goes away makes room. Thread-safe.
 */
public final class TextCalls {

    private final ThreadPoolExecutor threads;
    private final int capacity;
    private final Streams streams;
    // Guarded by this.
    private final Map<String, Integer> open = new HashMap<>();

    /**
     * @param threads work on the calls; the caller's to stop
     * @param capacity calls of one model that may be open
     */
    public TextCalls(ThreadPoolExecutor threads, int capacity, Streams streams) {
        this.threads = threads;
        this.capacity = capacity;
        this.streams = streams;
    }

    /** Answers a call once the model is loaded; to be called before the service method returns. */
    <R extends MessageLite> void answer(
            NamedModel model, ServerCallStreamObserver<R> observer, Function<LensEngine, Iterator<R>> responses) {
        String name = model.name();
        if (!enter(name)) {
            throw new QueueFullException(name, capacity);
        }
        new TextCall<>(observer, streams.writer(observer, name), responses, threads, () -> leave(name)).begin(model);
    }

    /** Tells the caller of a call that no thread worked on that the server is stopping. */
    public static void refuse(Runnable call) {
        if (call instanceof TextCall<?> waiting) {
            waiting.fail(new ServerStoppingException());
        }
    }

    private synchronized boolean enter(String model) {
        int now = open.getOrDefault(model, 0);
        if (now == capacity) {
            return false;
        }
        open.put(model, now + 1);
        return true;
    }

    private synchronized void leave(String model) {
        open.merge(model, -1, Integer::sum);
    }
}
