package dev.stratalens.client.internal;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of one call, pulled by one thread. A few events are asked for ahead, and one more when one is taken, so that a
 * reader that stops stops the server. {@link #cancel} may come from any thread.
 */
public final class EventQueue {

    /** Room for the events that were asked for, and the end. */
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(AnalyzeCall.EVENTS_AHEAD + 1);

    private final ClientCall<AnalyzeRequest, AnalyzeResponse> call;
    private @Nullable End end;

    private sealed interface Item {}

    private record Event(AnalyzeResponse response) implements Item {}

    private record End(Status status, Metadata trailers) implements Item {}

    /** Starts the call. */
    public EventQueue(Channel channel, CallOptions options, AnalyzeRequest request) {
        call = channel.newCall(LensServiceGrpc.getAnalyzeMethod(), options);
        AnalyzeCall.start(call, new Listener(), request);
    }

    /**
     * Waits for the next event.
     *
     * @return the event, or null when the call has ended well
     * @throws LensException if the call failed, made here so that it has the caller's stack; if the thread is interrupted,
     *     which cancels the call and keeps the interrupt
     */
    public @Nullable AnalyzeResponse next() {
        if (end == null) {
            Item item = take();
            if (item instanceof Event event) {
                call.request(1);
                return event.response();
            }
            end = (End) item;
        }
        if (end.status().isOk()) {
            return null;
        }
        throw StatusReader.read(end.status(), end.trailers());
    }

    /** Ends the call early. Harmless where it has ended. */
    public void cancel(String reason) {
        call.cancel(reason, null);
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

    private final class Listener extends ClientCall.Listener<AnalyzeResponse> {
        @Override
        public void onMessage(AnalyzeResponse response) {
            items.add(new Event(response));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            items.add(new End(status, trailers));
        }
    }
}
