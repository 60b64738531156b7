package dev.stratalens.cli;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A port of loopback that hands every call on to a server of this process, and remembers its method. */
final class CountedCalls extends HandlerRegistry implements AutoCloseable {

    private final List<String> methods = new CopyOnWriteArrayList<>();
    private final ManagedChannel target;
    private final Server server;

    /** @param serverName of the server in this process */
    CountedCalls(String serverName) throws IOException {
        target = InProcessChannelBuilder.forName(serverName).build();
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .fallbackHandlerRegistry(this)
                .build()
                .start();
    }

    String address() {
        return "localhost:" + server.getPort();
    }

    /** Names of the methods that were called, in order. */
    List<String> methods() {
        return List.copyOf(methods);
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
        methods.add(method);
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setFullMethodName(method)
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .build();
        return ServerMethodDefinition.create(descriptor, (call, headers) -> hand(call, headers, target));
    }

    private static ServerCall.Listener<byte[]> hand(ServerCall<byte[], byte[]> call, Metadata headers, Channel target) {
        ClientCall<byte[], byte[]> on = target.newCall(call.getMethodDescriptor(), CallOptions.DEFAULT);
        on.start(new Answer(call), headers);
        on.request(Integer.MAX_VALUE);
        call.request(Integer.MAX_VALUE);
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(byte[] message) {
                on.sendMessage(message);
            }

            @Override
            public void onHalfClose() {
                on.halfClose();
            }

            @Override
            public void onCancel() {
                on.cancel("the caller has gone", null);
            }
        };
    }

    private static final class Answer extends ClientCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;

        Answer(ServerCall<byte[], byte[]> call) {
            this.call = call;
        }

        @Override
        public void onHeaders(Metadata headers) {
            call.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            call.sendMessage(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            call.close(status, trailers);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        target.shutdownNow();
    }
}
