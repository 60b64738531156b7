package dev.stratalens.server.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.server.grpc.request.SampleRequests;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message to a running server is answered soon, and none makes the server fail. */
@Timeout(60)
final class CallFuzzTest {

    private static final List<MethodDescriptor<byte[], byte[]>> METHODS = Stream.of(
                    LensServiceGrpc.getServiceDescriptor(),
                    ModelServiceGrpc.getServiceDescriptor(),
                    ServerServiceGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            .map(method -> method.toBuilder(new Raw(), new Raw())
                    .setType(MethodType.SERVER_STREAMING)
                    .build())
            .toList();

    private static final Set<Code> FAULTS = Set.of(Code.INTERNAL, Code.UNKNOWN, Code.DEADLINE_EXCEEDED, Code.DATA_LOSS);

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(settings -> settings.management(ModelManagement.ALLOWED));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A byte for the method, and its message. */
    @MethodSource
    @FuzzTest
    void call(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        try {
            ClientCalls.blockingServerStreamingCall(
                            server.channel(),
                            METHODS.get(Byte.toUnsignedInt(bytes[0]) % METHODS.size()),
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            Arrays.copyOfRange(bytes, 1, bytes.length))
                    .forEachRemaining(response -> {});
        } catch (StatusRuntimeException e) {
            if (FAULTS.contains(e.getStatus().getCode())) {
                throw new AssertionError("looks like a fault of the server", e);
            }
        }
    }

    /** Every message to every method. */
    static Stream<byte[]> call() {
        return IntStream.range(0, METHODS.size())
                .boxed()
                .flatMap(method -> SampleRequests.ofAnyMethod()
                        .map(message -> ByteBuffer.allocate(1 + message.length)
                                .put(method.byteValue())
                                .put(message)
                                .array()));
    }

    private static final class Raw implements Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    }
}
