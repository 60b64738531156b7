package dev.stratalens.server.grpc.stream;

import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;

/**
 * Sends the events of one result that are ready together in one message: the thirty small layers of a short prompt leave as one,
 * each large layer of a long prompt on its own. Flushed after each step of the computation. For one thread.
 */
public final class EventOutbox {

    /** A message is closed with the event that reaches this. */
    private static final int FULL_BYTES = 64 << 10;

    private final MessageSink<AnalyzeResponse> sink;
    private AnalyzeResponse.Builder waiting = AnalyzeResponse.newBuilder();
    private int bytes;

    public EventOutbox(MessageSink<AnalyzeResponse> sink) {
        this.sink = sink;
    }

    /** An event is ready. */
    public void add(Event event) {
        int size = event.getSerializedSize();
        if (bytes > 0 && bytes + size > FULL_BYTES) {
            flush();
        }
        waiting.addEvents(event);
        bytes += size;
        if (bytes >= FULL_BYTES) {
            flush();
        }
    }

    /** Sends what is ready, unless something left a moment ago: then it waits a moment for what comes next. */
    public void flush() {
        if (bytes > 0) {
            sink.hold(take());
        }
    }

    /** Sends what is ready, and what waits, at once. */
    public void send() {
        if (bytes > 0) {
            sink.write(take());
        }
    }

    private AnalyzeResponse take() {
        AnalyzeResponse message = waiting.build();
        waiting = AnalyzeResponse.newBuilder();
        bytes = 0;
        return message;
    }
}
