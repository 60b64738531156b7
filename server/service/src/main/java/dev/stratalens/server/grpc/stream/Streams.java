package dev.stratalens.server.grpc.stream;

import com.google.protobuf.MessageLite;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.threads.Callback;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The streams that are open, the memory that they share, and the look after their readers. Thread-safe. */
public final class Streams {

    /** As often as a caller may hear of its call, for what waits for the next message. */
    private static final Duration LOOK = ProgressThrottle.PAUSE;

    /** Readers that stay away hold no more of the heap than this part of it. */
    private static final int HEAP_PART = 4;

    private final GrantedLimits limits;
    private final Compression compression;
    private final FailureStatus failures;
    private final LongSupplier nanoTime;
    private final OutboundMemory memory;
    private final Set<StreamWriter<?>> open = ConcurrentHashMap.newKeySet();

    /** @param nanoTime by which the time is counted that readers stay away, and by which messages are spaced */
    public Streams(GrantedLimits limits, Compression compression, FailureStatus failures, LongSupplier nanoTime) {
        this.limits = limits;
        this.compression = compression;
        this.failures = failures;
        this.nanoTime = nanoTime;
        this.memory = new OutboundMemory(
                limits.outboundBufferBytes(),
                Math.min(limits.maxRequestBytes(), Runtime.getRuntime().maxMemory() / HEAP_PART));
    }

    /** The time by which readers stay away and messages are spaced. */
    public LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Bytes that wait for their readers now. */
    public long unreadBytes() {
        return memory.heldBytes();
    }

    /** Begins to look after the streams. */
    public void watch(ScheduledExecutorService timer) {
        Runnable look = Callback.repeatable("the look after readers", this::look);
        var unused = timer.scheduleWithFixedDelay(look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends all streams with a failure; what their readers have not taken is dropped. */
    public void endAll(Throwable failure) {
        open.forEach(writer -> Callback.run("the end of a stream", () -> writer.fail(failure)));
    }

    /** Takes a call over; to be called before the service method returns. */
    public <M extends MessageLite> StreamWriter<M> writer(ServerCallStreamObserver<M> call, String model) {
        if (compression == Compression.GZIP) {
            // gRPC falls back to none for clients that do not accept it; the writer decides for each message.
            call.setCompression("gzip");
        }
        StreamWriter<M> writer = new StreamWriter<>(
                call,
                memory,
                new ReaderPatience(limits.slowReaderTimeout(), nanoTime),
                new HeldMessages<>(nanoTime),
                failure -> failures.exceptionOf(failure, model));
        open.add(writer);
        writer.whenClosed(() -> open.remove(writer));
        return writer;
    }

    /** Sends what has waited long enough for the next message, and cuts off the readers that have stayed away for too long. */
    public void look() {
        open.forEach(writer -> Callback.run("the look after a reader", writer::look));
    }
}
