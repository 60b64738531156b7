package dev.stratalens.client.internal.call;

import dev.stratalens.client.error.LensException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The responses of one call, pulled by one thread at a time. A few are asked for ahead, and one more when one is taken, so that a
 * reader that stops stops the server. {@link #cancel} may come from any thread.
 *
 * @param <R> a response
 */
public final class ResponseQueue<R> extends ClientCall.Listener<R> {

    /**
     * Responses that may be ahead of the reader. The layers of a short prompt come at once, and to ask for each only when the
     * last one is taken costs a change of threads for each. A response has some 200 KB at most, and most a few.
     */
    static final int AHEAD = 16;

    /** What arrives may run code of a program, which must not hold a connection. A machine with one core gets a thread for each. */
    private static final Executor SIGNALS = new CompletableFuture<Void>().defaultExecutor();

    /** Room for the responses that were asked for, and the end. */
    private final BlockingQueue<Item<R>> items = new ArrayBlockingQueue<>(AHEAD + 1);

    private final ClientCall<?, R> call;
    private volatile Runnable onArrival = () -> {};
    private @Nullable End<R> end;

    private sealed interface Item<R> {}

    private record Response<R>(R message) implements Item<R> {}

    private record End<R>(Status status, Metadata trailers) implements Item<R> {}

    private ResponseQueue(ClientCall<?, R> call) {
        this.call = call;
    }

    /** Starts a call with one request. */
    public static <Q, R> ResponseQueue<R> start(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        // What comes is only put into the queue, so it needs no change of threads.
        ClientCall<Q, R> call = channel.newCall(method, options.withExecutor(Runnable::run));
        ResponseQueue<R> queue = new ResponseQueue<>(call);
        call.start(queue, new Metadata());
        call.request(AHEAD);
        call.sendMessage(request);
        call.halfClose();
        return queue;
    }

    /** Sets what is run, on a thread of the common pool, whenever {@link #poll} has something new. */
    public void onArrival(Runnable action) {
        onArrival = () -> SIGNALS.execute(action);
    }

    /**
     * Waits for the next response.
     *
     * @return the response, or null when the call has ended well
     * @throws LensException if the call failed, made here so that it has the caller's stack; if the thread is interrupted,
     *     which cancels the call and keeps the interrupt
     */
    public @Nullable R next() {
        if (end == null) {
            return take(await());
        }
        return ended(end);
    }

    /** The next response if it is there; null if it is not, or when the call {@link #hasEnded has ended} well. Fails as {@link #next}. */
    public @Nullable R poll() {
        if (end == null) {
            Item<R> item = items.poll();
            return item == null ? null : take(item);
        }
        return ended(end);
    }

    /** Whether the end was taken. */
    public boolean hasEnded() {
        return end != null;
    }

    /** Ends the call early. Harmless where it has ended. */
    public void cancel(String reason) {
        call.cancel(reason, null);
    }

    private @Nullable R take(Item<R> item) {
        if (item instanceof Response<R> response) {
            call.request(1);
            return response.message();
        }
        End<R> taken = (End<R>) item;
        end = taken;
        return ended(taken);
    }

    private @Nullable R ended(End<R> taken) {
        if (taken.status().isOk()) {
            return null;
        }
        throw StatusReader.read(taken.status(), taken.trailers());
    }

    private Item<R> await() {
        try {
            return items.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel("the reading thread was interrupted");
            throw CallFailure.interrupted(e);
        }
    }

    @Override
    public void onMessage(R message) {
        items.add(new Response<>(message));
        onArrival.run();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        items.add(new End<>(status, trailers));
        onArrival.run();
    }
}
