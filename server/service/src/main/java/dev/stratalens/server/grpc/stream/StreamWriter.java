package dev.stratalens.server.grpc.stream;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.threads.CallsInOrder;
import dev.stratalens.server.threads.Guard;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream no faster than it is read, and has no writer wait for the reader: messages go out while the transport is
 * ready, and lie in memory while it is not. A call that leaves more than there is room for, or whose reader stays away for too
 * long in all, is ended. Thread-safe; listeners are not called under the lock.
 */
public final class StreamWriter<M extends MessageLite> implements MessageSink<M> {

    /** Smaller messages gain nothing from compression. */
    private static final int MIN_COMPRESSED_BYTES = 4 << 10;

    /** Offered messages one after the other that wait for the reader; the next one takes the place of the last. */
    private static final int MOST_OFFERED = 32;

    private final ServerCallStreamObserver<M> call;
    private final OutboundMemory memory;
    private final Function<Throwable, StatusRuntimeException> statuses;

    private final CallsInOrder consequences = new CallsInOrder("a listener of a stream");
    private final Guard guard = new Guard();
    private volatile Runnable whenReady = () -> {};
    private volatile Runnable whenCutOff = () -> {};
    private volatile Runnable whenClosed = () -> {};
    private volatile Consumer<Boolean> whenBehind = behind -> {};
    // Guarded by it.
    private final ReaderPatience patience;
    private final HeldMessages<M> held;
    private final Deque<M> unread = new ArrayDeque<>();
    private long unreadBytes;
    /** Messages at the end that were offered, all of them unread. */
    private int offered;

    private boolean behind;
    private boolean toldBehind;
    private boolean completing;
    private @Nullable Throwable ending;
    private boolean closed;
    private @Nullable ReaderTooSlowException tooSlow;

    /** Takes the call over; must be made before the service method returns. */
    StreamWriter(
            ServerCallStreamObserver<M> call,
            OutboundMemory memory,
            ReaderPatience patience,
            HeldMessages<M> held,
            Function<Throwable, StatusRuntimeException> statuses) {
        this.call = call;
        this.memory = memory;
        this.patience = patience;
        this.held = held;
        this.statuses = statuses;
        call.setOnReadyHandler(() -> {
            change(this::drain);
            whenReady.run();
        });
    }

    /** Says whom to tell when the reader begins to take messages again. */
    public void whenReady(Runnable listener) {
        whenReady = listener;
    }

    /** Says whom to tell when a reader has been cut off. */
    public void whenCutOff(Runnable listener) {
        whenCutOff = listener;
    }

    /** Sets who is told when the stream has ended, for any reason. */
    void whenClosed(Runnable listener) {
        whenClosed = listener;
    }

    /** Says whom to tell whether much waits for the reader: from half a share on, and until all of it is taken. */
    public void whenBehind(Consumer<Boolean> listener) {
        whenBehind = listener;
    }

    @Override
    public void write(M message) {
        change(() -> {
            release();
            put(message);
        });
        throwIfClosed();
    }

    @Override
    public void hold(M message) {
        change(() -> {
            drain();
            if (closed || !isReadyNow() || !held.holds(message)) {
                release();
                put(message);
            }
        });
        throwIfClosed();
    }

    /** Sends a message without ever losing it; for the few and small that must find room. */
    public void add(M message) {
        change(() -> {
            release();
            if (!closed) {
                if (!sendNow(message)) {
                    memory.bear(message.getSerializedSize());
                    append(message);
                }
                offered = 0;
            }
        });
    }

    @Override
    public void offer(M message) {
        change(() -> {
            release();
            putIfRead(message);
        });
    }

    @Override
    public void remark(M message) {
        change(() -> {
            drain();
            if (closed || !isReadyNow() || !held.holdsRemark(message)) {
                release();
                putIfRead(message);
            }
        });
    }

    /** Whether a message would leave at once. */
    public boolean isReady() {
        return guard.get(() -> !closed && isReadyNow());
    }

    /** Ends the stream as soon as the reader has taken all of it. */
    @Override
    public void complete() {
        end(null);
    }

    /** Ends the stream with a failure as soon as the reader has taken all of it. */
    public void failAtLast(Throwable failure) {
        end(failure);
    }

    /** Ends the stream with a failure; what the reader has not taken is dropped. */
    @Override
    public void fail(Throwable failure) {
        change(() -> failNow(failure));
    }

    /** The caller went away. */
    public void cancel() {
        change(this::close);
    }

    /** Sends what has waited for the next message long enough; cuts the reader off if it has stayed away for too long. */
    void look() {
        change(() -> {
            if (held.isDue()) {
                release();
            }
            if (!closed && patience.isOver()) {
                cutOff(new ReaderTooSlowException(patience.away()));
            }
        });
    }

    private void end(@Nullable Throwable failure) {
        change(() -> {
            release();
            completing = true;
            ending = failure;
            drain();
        });
    }

    /** Makes a change under the lock, and tells of its consequences without it. */
    private void change(Runnable step) {
        try {
            guard.run(() -> {
                boolean wasOpen = !closed;
                step.run();
                addConsequences(wasOpen);
            });
        } finally {
            consequences.makeAll();
        }
    }

    private void addConsequences(boolean wasOpen) {
        if (behind != toldBehind) {
            boolean now = behind;
            toldBehind = now;
            consequences.add(() -> whenBehind.accept(now));
        }
        if (closed && wasOpen) {
            consequences.add(whenClosed);
            if (tooSlow != null) {
                consequences.add(whenCutOff);
            }
        }
    }

    private void throwIfClosed() {
        guard.run(() -> {
            if (tooSlow != null) {
                throw tooSlow;
            }
            if (closed) {
                throw new LensCanceledException();
            }
        });
    }

    // Under the lock from here on.

    /** Sends what waits for the reader or for the next message. */
    private void release() {
        drain();
        held.take().forEach(this::put);
    }

    private void put(M message) {
        if (closed) {
            return;
        }
        if (!sendNow(message) && !keep(message)) {
            cutOff(ReaderTooSlowException.withoutRoom(unreadBytes, patience.away()));
        }
        offered = 0;
        behind |= unreadBytes > memory.shareBytes() / 2;
    }

    private void putIfRead(M message) {
        if (closed || completing || sendNow(message)) {
            return;
        }
        if (offered == MOST_OFFERED) {
            forget(unread.removeLast());
            offered--;
        }
        offered += keep(message) ? 1 : 0;
    }

    private boolean isReadyNow() {
        return unread.isEmpty() && call.isReady();
    }

    private boolean sendNow(M message) {
        boolean now = isReadyNow();
        if (now) {
            send(message, message.getSerializedSize());
        }
        return now;
    }

    private boolean keep(M message) {
        boolean room = memory.take(unreadBytes, message.getSerializedSize());
        if (room) {
            append(message);
        }
        return room;
    }

    private void append(M message) {
        unread.add(message);
        unreadBytes += message.getSerializedSize();
        patience.waits(true);
    }

    private int forget(M message) {
        int bytes = message.getSerializedSize();
        unreadBytes -= bytes;
        memory.give(bytes);
        return bytes;
    }

    private void send(M message, int bytes) {
        patience.took(bytes);
        held.sent();
        call.setMessageCompression(bytes >= MIN_COMPRESSED_BYTES);
        call.onNext(message);
    }

    private void drain() {
        while (!closed && !unread.isEmpty() && call.isReady()) {
            M message = unread.remove();
            offered = Math.min(offered, unread.size());
            send(message, forget(message));
        }
        if (unread.isEmpty()) {
            patience.waits(false);
            behind = false;
        }
        if (completing && !closed && unread.isEmpty()) {
            Throwable failure = ending;
            close();
            if (failure == null) {
                call.onCompleted();
            } else {
                call.onError(statuses.apply(failure));
            }
        }
    }

    private void cutOff(ReaderTooSlowException reason) {
        tooSlow = reason;
        failNow(reason);
    }

    private void failNow(Throwable failure) {
        if (!closed) {
            close();
            call.onError(statuses.apply(failure));
        }
    }

    private void close() {
        closed = true;
        held.clear();
        unread.clear();
        offered = 0;
        memory.give(unreadBytes);
        unreadBytes = 0;
        patience.waits(false);
    }
}
