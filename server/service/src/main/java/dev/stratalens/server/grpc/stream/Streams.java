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

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Looks within the time that a reader may stay away. */
    private static final int LOOKS = 8;

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

    /** Begins to cut off readers that stay away. */
    public void watch(ScheduledExecutorService timer) {
        Duration part = limits.slowReaderTimeout().dividedBy(LOOKS);
        long millis = Math.max(1, (part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE).toMillis());
        var unused = timer.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
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
                failure -> failures.exceptionOf(failure, model));
        open.add(writer);
        writer.whenClosed(() -> open.remove(writer));
        return writer;
    }

    /** Cuts off the readers that have stayed away for too long. */
    public void look() {
        open.forEach(writer -> Callback.run("the look after a reader", writer::look));
    }
}
