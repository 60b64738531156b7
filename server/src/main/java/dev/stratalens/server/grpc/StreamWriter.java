package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.server.error.LensCancelledException;
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

/**
 * Writes one stream no faster than it is read: messages go out while the transport is ready, wait in a bounded buffer
 * while it is not, and once that is full the writing thread waits, for as long as a reader that takes nothing is granted.
 * Thread-safe.
 */
final class StreamWriter<M extends MessageLite> {

    /** Smaller messages gain nothing from compression. */
    private static final int MIN_COMPRESSED_BYTES = 4 << 10;

    private final ServerCallStreamObserver<M> call;
    private final StreamSettings settings;
    private final ScheduledExecutorService timer;
    private final Function<Throwable, StatusRuntimeException> statuses;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Deque<M> buffer = new ArrayDeque<>();
    private long bufferedBytes;
    private long taken;
    private boolean patient = true;
    private boolean completing;
    private boolean closed;

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

    /**
     * Sends a message, or keeps it in the buffer.
     *
     * @throws LensCancelledException if the caller went away, or waiting is over
     * @throws ReaderTooSlowException if the buffer is full and the reader takes nothing for too long
     */
    void write(M message) {
        lock.lock();
        try {
            throwIfClosed();
            append(message);
            awaitRoom();
        } finally {
            lock.unlock();
        }
    }

    /** Sends a message that may be lost: it is dropped where a write would have to wait. Never waits itself. */
    void offer(M message) {
        lock.lock();
        try {
            if (!closed && bufferedBytes <= settings.bufferBytes()) {
                append(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of a thread that waits for the reader, and makes none wait from now on. */
    void waitNoMore() {
        lock.lock();
        try {
            patient = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream as soon as the reader has taken all of it. */
    void complete() {
        lock.lock();
        try {
            completing = true;
            drain();
            if (!closed) {
                failIfNothingIsTaken();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream with a failure; what the reader has not taken is dropped. */
    void fail(Throwable failure) {
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

    private void append(M message) {
        buffer.add(message);
        bufferedBytes += message.getSerializedSize();
        drain();
    }

    private void drain() {
        lock.lock();
        try {
            while (!closed && !buffer.isEmpty() && call.isReady()) {
                M message = buffer.remove();
                int bytes = message.getSerializedSize();
                bufferedBytes -= bytes;
                taken++;
                call.setMessageCompression(bytes >= MIN_COMPRESSED_BYTES);
                call.onNext(message);
            }
            if (completing && !closed && buffer.isEmpty()) {
                close();
                call.onCompleted();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        long patience = settings.slowReaderTimeout().toNanos();
        long nanos = patience;
        long takenBefore = taken;
        try {
            while (!closed && bufferedBytes > settings.bufferBytes()) {
                if (!patient) {
                    throw new LensCancelledException();
                }
                if (nanos <= 0) {
                    throw new ReaderTooSlowException(settings.slowReaderTimeout());
                }
                nanos = changed.awaitNanos(nanos);
                if (taken != takenBefore) {
                    takenBefore = taken;
                    nanos = patience;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCancelledException();
        }
        throwIfClosed();
    }

    /** Nobody writes any more, so nobody waits: a timer does. */
    private void failIfNothingIsTaken() {
        long takenBefore = taken;
        var unused = timer.schedule(
                () -> {
                    lock.lock();
                    try {
                        if (taken == takenBefore) {
                            fail(new ReaderTooSlowException(settings.slowReaderTimeout()));
                        } else if (!closed) {
                            failIfNothingIsTaken();
                        }
                    } finally {
                        lock.unlock();
                    }
                },
                settings.slowReaderTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void close() {
        closed = true;
        buffer.clear();
        bufferedBytes = 0;
        changed.signalAll();
    }

    private void throwIfClosed() {
        if (closed) {
            throw new LensCancelledException();
        }
    }
}
