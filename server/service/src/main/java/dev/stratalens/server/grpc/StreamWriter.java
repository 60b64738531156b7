package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.server.error.ReaderTooSlowException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream no faster than it is read: messages go out while the transport is ready, wait in a bounded buffer
 * while it is not, and once that is full the writing thread waits. A reader that takes nothing for too long while
 * messages wait is cut off. Thread-safe.
 */
final class StreamWriter<M extends MessageLite> implements MessageSink<M> {

    /** Smaller messages gain nothing from compression. */
    private static final int MIN_COMPRESSED_BYTES = 4 << 10;

    private final ServerCallStreamObserver<M> call;
    private final StreamSettings settings;
    private final ScheduledExecutorService timer;
    private final Function<Throwable, StatusRuntimeException> statuses;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Runnable whenCutOff = () -> {};
    // Guarded by lock.
    private final Deque<M> buffer = new ArrayDeque<>();
    private long bufferedBytes;
    private long takenNanos;
    private boolean watched;
    private boolean patient = true;
    private boolean completing;
    private @Nullable Throwable ending;
    private boolean closed;
    private @Nullable ReaderTooSlowException tooSlow;

    /** Takes the call over; must be made before the service method returns. */
    StreamWriter(
            ServerCallStreamObserver<M> call,
            StreamSettings settings,
            ScheduledExecutorService timer,
            Function<Throwable, StatusRuntimeException> statuses) {
        this.call = call;
        this.settings = settings;
        this.timer = timer;
        this.statuses = statuses;
        call.setOnReadyHandler(this::drain);
    }

    /** Says whom to tell when the reader begins to take messages again; call before the service method returns. */
    void whenReady(Runnable listener) {
        call.setOnReadyHandler(() -> {
            drain();
            listener.run();
        });
    }

    /** Says whom to tell when a reader that takes nothing has been cut off. */
    void whenCutOff(Runnable listener) {
        whenCutOff = listener;
    }

    @Override
    public void write(M message) {
        lock.lock();
        try {
            throwIfClosed();
            append(message);
            awaitRoom();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean holds(long bytes) {
        return bytes <= settings.bufferBytes();
    }

    /** Sends a message without ever waiting or losing it; for the few and small that a full buffer must bear. */
    void add(M message) {
        lock.lock();
        try {
            if (!closed) {
                append(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops the message where a write would have to wait. */
    @Override
    public void offer(M message) {
        lock.lock();
        try {
            if (!closed && bufferedBytes <= settings.bufferBytes()) {
                append(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a message would leave at once. */
    boolean isReady() {
        lock.lock();
        try {
            return !closed && buffer.isEmpty() && call.isReady();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void waitNoMore() {
        lock.lock();
        try {
            patient = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream as soon as the reader has taken all of it. */
    @Override
    public void complete() {
        end(null);
    }

    /** Ends the stream with a failure as soon as the reader has taken all of it. */
    void failAtLast(Throwable failure) {
        end(failure);
    }

    /** Ends the stream with a failure; what the reader has not taken is dropped. */
    @Override
    public void fail(Throwable failure) {
        lock.lock();
        try {
            if (!closed) {
                close();
                call.onError(statuses.apply(failure));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The caller went away. */
    void cancel() {
        lock.lock();
        try {
            close();
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable Throwable failure) {
        lock.lock();
        try {
            completing = true;
            ending = failure;
            drain();
        } finally {
            lock.unlock();
        }
    }

    private void append(M message) {
        if (buffer.isEmpty()) {
            takenNanos = System.nanoTime();
        }
        buffer.add(message);
        bufferedBytes += message.getSerializedSize();
        drain();
        if (!watched && !buffer.isEmpty()) {
            watched = true;
            watch(settings.slowReaderTimeout().toNanos());
        }
    }

    private void drain() {
        lock.lock();
        try {
            while (!closed && !buffer.isEmpty() && call.isReady()) {
                M message = buffer.remove();
                int bytes = message.getSerializedSize();
                bufferedBytes -= bytes;
                takenNanos = System.nanoTime();
                call.setMessageCompression(bytes >= MIN_COMPRESSED_BYTES);
                call.onNext(message);
            }
            if (completing && !closed && buffer.isEmpty()) {
                close();
                if (ending == null) {
                    call.onCompleted();
                } else {
                    call.onError(statuses.apply(ending));
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        try {
            while (!closed && bufferedBytes > settings.bufferBytes()) {
                if (!patient) {
                    throw new LensCancelledException();
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCancelledException();
        }
        throwIfClosed();
    }

    /** Looks after some time whether the reader has taken anything. */
    private void watch(long nanos) {
        var unused = timer.schedule(this::cutOffOrWatchOn, nanos, TimeUnit.NANOSECONDS);
    }

    private void cutOffOrWatchOn() {
        lock.lock();
        try {
            long patience = takenNanos + settings.slowReaderTimeout().toNanos() - System.nanoTime();
            if (closed || buffer.isEmpty()) {
                watched = false;
                return;
            }
            if (patience > 0) {
                watch(patience);
                return;
            }
            tooSlow = new ReaderTooSlowException(settings.slowReaderTimeout());
            fail(tooSlow);
        } finally {
            lock.unlock();
        }
        // Not under the lock: it ends jobs, whose locks come first.
        whenCutOff.run();
    }

    private void close() {
        closed = true;
        buffer.clear();
        bufferedBytes = 0;
        changed.signalAll();
    }

    private void throwIfClosed() {
        if (tooSlow != null) {
            throw tooSlow;
        }
        if (closed) {
            throw new LensCancelledException();
        }
    }
}
