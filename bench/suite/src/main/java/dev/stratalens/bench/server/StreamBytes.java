package dev.stratalens.bench.server;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the serialized bytes of every message that comes from the server. */
final class StreamBytes implements ClientInterceptor {

    private final AtomicLong bytes = new AtomicLong();

    /** Bytes since the last call of this method. */
    long take() {
        return bytes.getAndSet(0);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return next.newCall(method, options.withStreamTracerFactory(new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                return new ClientStreamTracer() {
                    @Override
                    public void inboundUncompressedSize(long size) {
                        bytes.addAndGet(size);
                    }
                };
            }
        }));
    }
}
