package dev.stratalens.server.grpc.watch;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.server.grpc.status.FailureStatus;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what lies in memory of messages that clients have begun to send and not finished. gRPC takes in each of them up to its
 * largest size, whatever the other calls hold. Past the bound, the connection that holds most loses the call that has waited longest
 * for the rest of its message. Thread-safe.
 */
public final class UnfinishedMessages extends ServerStreamTracer.Factory implements ServerInterceptor {

    private static final Context.Key<Message> KEY = Context.key("stratalens-unfinished-message");

    private static final SocketAddress NOBODY = new SocketAddress() {};

    private final FailureStatus failures;
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final Set<Message> unfinished = ConcurrentHashMap.newKeySet();

    /** @param limitBytes of all calls together */
    public UnfinishedMessages(FailureStatus failures, long limitBytes) {
        this.failures = failures;
        this.limitBytes = limitBytes;
    }

    /** Has every call of a server bounded. */
    public void bound(ServerBuilder<?> builder) {
        builder.addStreamTracerFactory(this).intercept(this);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Message();
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        EndableCall<I, O> endable = new EndableCall<>(call);
        KEY.get().call = endable;
        return new Listener<>(endable, next.startCall(endable, headers));
    }

    /** One thread at a time, so that the oldest go first. */
    private synchronized void makeRoom() {
        while (heldBytes.get() > limitBytes) {
            Map<SocketAddress, Long> held = new HashMap<>();
            unfinished.forEach(message -> held.merge(message.peer(), message.bytes, Long::sum));
            Optional<Message> longest = unfinished.stream()
                    .max(Comparator.<Message>comparingLong(message -> held.getOrDefault(message.peer(), 0L))
                            .thenComparing(Comparator.<Message>comparingLong(message -> message.order)
                                    .reversed()));
            if (longest.isEmpty()) {
                return;
            }
            longest.get().refuse();
        }
    }

    /** The message that a call waits for. */
    private final class Message extends ServerStreamTracer {

        private volatile @Nullable EndableCall<?, ?> call;
        private volatile long order;
        private volatile long bytes;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(KEY, this);
        }

        @Override
        public void inboundWireSize(long more) {
            if (held(more) > limitBytes) {
                makeRoom();
            }
        }

        private synchronized long held(long more) {
            if (unfinished.add(this)) {
                order = begun.incrementAndGet();
            }
            bytes += more;
            return heldBytes.addAndGet(more);
        }

        @Override
        public void inboundMessageRead(int number, long wireSize, long size) {
            forget();
        }

        @Override
        public void streamClosed(Status status) {
            forget();
        }

        private synchronized void forget() {
            if (unfinished.remove(this)) {
                heldBytes.addAndGet(-bytes);
                bytes = 0;
            }
        }

        private void refuse() {
            long allBytes = heldBytes.get();
            forget();
            EndableCall<?, ?> known = call;
            if (known != null) {
                known.end(failures.exceptionOf(
                        MemoryLimitExceededException.ofUnfinishedMessages(allBytes, limitBytes), ""));
            }
        }

        private SocketAddress peer() {
            EndableCall<?, ?> known = call;
            SocketAddress peer = known == null ? null : known.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            return peer == null ? NOBODY : peer;
        }
    }

    /** A call that may be ended from any thread. What the service does with it later is without effect. */
    private static final class EndableCall<I, O> extends SimpleForwardingServerCall<I, O> {

        private boolean closed;
        private boolean ended;

        EndableCall(ServerCall<I, O> call) {
            super(call);
        }

        synchronized void end(StatusRuntimeException refusal) {
            if (!closed) {
                Metadata trailers = refusal.getTrailers();
                close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
                ended = true;
            }
        }

        synchronized boolean isEnded() {
            return ended;
        }

        @Override
        public synchronized void request(int messages) {
            super.request(messages);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!ended) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(O message) {
            if (!ended) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!ended) {
                closed = true;
                super.close(status, trailers);
            }
        }
    }

    /** To the service, a call that was ended is one whose caller has gone. */
    private static final class Listener<I> extends SimpleForwardingServerCallListener<I> {

        private final EndableCall<I, ?> call;

        Listener(EndableCall<I, ?> call, ServerCall.Listener<I> listener) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onComplete() {
            if (call.isEnded()) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
