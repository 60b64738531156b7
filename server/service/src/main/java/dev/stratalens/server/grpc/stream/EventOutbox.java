package dev.stratalens.server.grpc.stream;

import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Sends the events of one result that are ready together in one message: the thirty small layers of a short prompt go out as one,
 * each large layer of a long prompt on its own. Whoever computes says when the next step begins; an event waits for one more step
 * at most, and only where steps are short. For one thread.
 */
public final class EventOutbox {

    /** A message is closed with the event that reaches this. */
    private static final int FULL_BYTES = 64 << 10;
    /** So long after a message, steps are long enough for one of their own. */
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final MessageSink<AnalyzeResponse> sink;
    private final LongSupplier nanoTime;
    private AnalyzeResponse.Builder waiting = AnalyzeResponse.newBuilder();
    private int bytes;
    private long flushedAt;

    public EventOutbox(MessageSink<AnalyzeResponse> sink, LongSupplier nanoTime) {
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.flushedAt = nanoTime.getAsLong();
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

    /** The next step of the computation begins. */
    public void step() {
        if (bytes > 0 && nanoTime.getAsLong() - flushedAt >= PAUSE_NANOS) {
            flush();
        }
    }

    /** Sends what is ready. */
    public void flush() {
        if (bytes > 0) {
            AnalyzeResponse message = waiting.build();
            waiting = AnalyzeResponse.newBuilder();
            bytes = 0;
            flushedAt = nanoTime.getAsLong();
            sink.write(message);
        }
    }
}
