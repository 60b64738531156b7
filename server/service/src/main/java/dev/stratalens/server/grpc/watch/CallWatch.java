package dev.stratalens.server.grpc.watch;

import dev.stratalens.server.grpc.status.StatusOutcome;
import dev.stratalens.server.watch.Origin;
import dev.stratalens.server.watch.Outcome;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.RequestWatch;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Keeps a record of every call of the contract. Outermost, so that it sees what other interceptors refuse. */
public final class CallWatch implements ServerInterceptor {

    private static final String CONTRACT = "stratalens.";

    private final RequestWatch watch;

    public CallWatch(RequestWatch watch) {
        this.watch = watch;
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        MethodDescriptor<I, O> method = call.getMethodDescriptor();
        if (!String.valueOf(method.getServiceName()).startsWith(CONTRACT)) {
            return next.startCall(call, headers);
        }
        Origin origin = new Origin(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                method.getFullMethodName(),
                address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                TraceParent.read(headers),
                Instant.now());
        RequestRecord request = new RequestRecord(origin, watch);
        Context context = CurrentRequest.with(request, Context.current());
        ServerCall.Listener<I> listener =
                Contexts.interceptCall(context, new WatchedCall<>(call, request), headers, next);
        return new WatchedEnd<>(listener, request, context.getDeadline());
    }

    private static String address(@Nullable SocketAddress peer) {
        if (peer instanceof InetSocketAddress internet) {
            return internet.getAddress().getHostAddress() + ":" + internet.getPort();
        }
        return peer == null ? "" : peer.toString();
    }

    private static final class WatchedCall<I, O> extends SimpleForwardingServerCall<I, O> {

        private final RequestRecord request;

        WatchedCall(ServerCall<I, O> call, RequestRecord request) {
            super(call);
            this.request = request;
        }

        @Override
        public void sendMessage(O message) {
            if (message instanceof InputStream bytes && message instanceof KnownLength) {
                try {
                    request.sent(bytes.available());
                } catch (IOException never) {
                    throw new UncheckedIOException(never);
                }
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            Outcome outcome = StatusOutcome.of(status, trailers);
            super.close(status, trailers);
            if (!status.isOk()) {
                request.end(outcome);
            }
        }
    }

    /**
     * A call is over when its last byte has left, or the caller. Its record ends first: a server that stops waits for its calls,
     * not for their records.
     */
    private static final class WatchedEnd<I> extends SimpleForwardingServerCallListener<I> {

        private final RequestRecord request;
        private final @Nullable Deadline deadline;

        WatchedEnd(ServerCall.Listener<I> listener, RequestRecord request, @Nullable Deadline deadline) {
            super(listener);
            this.request = request;
            this.deadline = deadline;
        }

        @Override
        public void onComplete() {
            request.end(Outcome.OK);
            super.onComplete();
        }

        @Override
        public void onCancel() {
            boolean late = deadline != null && deadline.isExpired();
            request.end(StatusOutcome.of(late ? Status.DEADLINE_EXCEEDED : Status.CANCELLED, new Metadata()));
            super.onCancel();
        }
    }
}
