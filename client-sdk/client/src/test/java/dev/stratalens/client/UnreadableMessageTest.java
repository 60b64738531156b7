package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that speaks gRPC, but answers with bytes that are no protocol buffer. */
@Timeout(30)
class UnreadableMessageTest {

    @Test
    void bytesThatAreNoMessageAreABrokenStream() throws IOException {
        Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(service())
                .build()
                .start();
        try (LensClient client = LensClient.builder("localhost:" + server.getPort())
                .usePlaintext()
                .build()) {
            LensRequest request = LensRequest.of("a prompt").build();
            LensException error = assertThrows(LensException.class, () -> client.analyze(request));
            assertEquals(ErrorCode.BROKEN_STREAM, error.code(), error.getMessage());
        } finally {
            server.shutdownNow();
        }
    }

    private static ServerServiceDefinition service() {
        MethodDescriptor<byte[], byte[]> analyze = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName(LensServiceGrpc.getAnalyzeMethod().getFullMethodName())
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        return ServerServiceDefinition.builder(LensServiceGrpc.SERVICE_NAME)
                .addMethod(analyze, ServerCalls.asyncServerStreamingCall((request, observer) -> {
                    observer.onNext(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
                    observer.onCompleted();
                }))
                .build();
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
}
