package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.grpc.access.CurrentCaller;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.quota.Quotas;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;

/**
 * Calls that read text as a model does, and are answered by messages of bounded size. They are worked on by threads of their own, so that
 * however long that takes, health checks are answered; no more than so many of each model wait or are
 * worked on, and of each caller its share of these, and who goes away makes room. Each counts as a request of its caller. Thread-safe.
 */
public final class TextCalls {

    private final ThreadPoolExecutor threads;
    private final int capacity;
    private final Quotas quotas;
    private final Streams streams;
    // Guarded by this. By model, then by caller.
    private final Map<String, Map<Principal, Integer>> open = new HashMap<>();

    /**
     * @param threads work on the calls; the caller's to stop
     * @param capacity calls of one model that may be open
     */
    public TextCalls(ThreadPoolExecutor threads, int capacity, Quotas quotas, Streams streams) {
        this.threads = threads;
        this.capacity = capacity;
        this.quotas = quotas;
        this.streams = streams;
    }

    /** Answers a call once the model is loaded; to be called before the service method returns. */
    <R extends MessageLite> void answer(
            NamedModel model, ServerCallStreamObserver<R> observer, Function<LensEngine, Iterator<R>> responses) {
        String name = model.name();
        quotas.admit(CurrentCaller.get(), admission -> {
            enter(name, admission.caller());
            Runnable whenOver = () -> {
                admission.close();
                leave(name, admission.caller());
            };
            new TextCall<>(observer, streams.writer(observer, name), responses, threads, whenOver).begin(model);
        });
    }

    /** Tells the caller of a call that no thread worked on that the server is stopping. */
    public static void refuse(Runnable call) {
        if (call instanceof TextCall<?> waiting) {
            waiting.fail(new ServerStoppingException());
        }
    }

    private synchronized void enter(String model, Caller caller) {
        Map<Principal, Integer> callers = open.computeIfAbsent(model, unseen -> new HashMap<>());
        if (callers.values().stream().mapToInt(Integer::intValue).sum() >= capacity) {
            throw new QueueFullException(model, capacity);
        }
        long share = caller.grant().quota().placesOf(capacity);
        if (callers.getOrDefault(caller.principal(), 0) >= share) {
            throw QuotaExceededException.soon(Limit.QUEUE_SHARE, share);
        }
        callers.merge(caller.principal(), 1, Integer::sum);
    }

    private synchronized void leave(String model, Caller caller) {
        open.getOrDefault(model, Map.of())
                .computeIfPresent(caller.principal(), (principal, count) -> count == 1 ? null : count - 1);
    }
}
