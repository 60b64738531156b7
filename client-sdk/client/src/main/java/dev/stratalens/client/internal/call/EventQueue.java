package dev.stratalens.client.internal.call;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.v1.AnalyzeResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of one call, pulled by one thread. A few events are asked for ahead, and one more when one is taken, so that a
 * reader that stops stops the server. {@link #cancel} may come from any thread.
 */
public final class EventQueue extends EventCall {

    /** Room for the responses that were asked for, and the end. */
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(AHEAD + 1);

    private @Nullable End end;

    private sealed interface Item {}

    private record Response(AnalyzeResponse message) implements Item {}

    private record End(Status status, Metadata trailers) implements Item {}

    /** Starts the call. */
    public EventQueue(Channel channel, CallOptions options, LensRequest request) {
        super(channel, options);
        start(request);
    }

    /**
     * Waits for the next response.
     *
     * @return the response, or null when the call has ended well
     * @throws LensException if the call failed, made here so that it has the caller's stack; if the thread is interrupted,
     *     which cancels the call and keeps the interrupt
     */
    public @Nullable AnalyzeResponse next() {
        if (end == null) {
            Item item = take();
            if (item instanceof Response response) {
                requestOneMore();
                return response.message();
            }
            end = (End) item;
        }
        if (end.status().isOk()) {
            return null;
        }
        throw StatusReader.read(end.status(), end.trailers());
    }

    private Item take() {
        try {
            return items.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel("the reading thread was interrupted");
            throw new LensException(
                    ErrorCode.CANCELLED, "The reading thread was interrupted, so the call was cancelled.", null, e);
        }
    }

    @Override
    public void onMessage(AnalyzeResponse response) {
        items.add(new Response(response));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        items.add(new End(status, trailers));
    }
}
