package dev.stratalens.integration;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes where a client sends its calls: each of gRPC's own attempts. */
final class Attempts implements ClientInterceptor {

    private final List<Integer> ports = new CopyOnWriteArrayList<>();

    /** The ports of the servers, in the order of the attempts. */
    List<Integer> ports() {
        return List.copyOf(ports);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return next.newCall(method, options.withStreamTracerFactory(new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                return new ClientStreamTracer() {
                    @Override
                    public void streamCreated(Attributes transport, Metadata sent) {
                        ports.add(((InetSocketAddress)
                                        Objects.requireNonNull(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)))
                                .getPort());
                    }
                };
            }
        }));
    }
}
