package dev.stratalens.client.internal.connection;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that get no connection: gRPC by itself would wait without end for a host that accepts connections and says nothing.
 * Calls that ask to wait for a connection wait.
 *
 * @param most for each attempt of a call
 */
record ConnectPatience(Duration most) implements ClientInterceptor {

    private static final Status NONE = Status.UNAVAILABLE.withDescription("connection timed out");

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (options.isWaitForReady()) {
            return next.newCall(method, options);
        }
        Attempts attempts = new Attempts();
        Impatient<Q, R> call = new Impatient<>(next.newCall(method, options.withStreamTracerFactory(attempts)));
        attempts.call = call;
        return call;
    }

    private static final class Impatient<Q, R> extends SimpleForwardingClientCall<Q, R> {

        private volatile boolean late;

        Impatient(ClientCall<Q, R> call) {
            super(call);
        }

        void giveUp() {
            late = true;
            cancel("no connection", null);
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            super.onClose(late ? NONE : status, trailers);
                        }
                    },
                    headers);
        }
    }

    private final class Attempts extends ClientStreamTracer.Factory {

        private @Nullable Impatient<?, ?> call;

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            CompletableFuture<Boolean> connected = new CompletableFuture<>();
            var unused = connected
                    .orTimeout(most.toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((ok, tooLate) -> {
                        if (tooLate != null && call != null) {
                            call.giveUp();
                        }
                    });
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sent) {
                    connected.complete(true);
                }

                @Override
                public void streamClosed(Status status) {
                    connected.complete(true);
                }
            };
        }
    }
}
