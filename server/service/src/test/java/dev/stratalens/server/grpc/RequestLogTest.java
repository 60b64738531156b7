package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.LoggedLines;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.GenerationOptions;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log tells of requests, over TCP. */
@Timeout(60)
final class RequestLogTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final LoggedLines lines = LoggedLines.collect();
    private final LensServer server = LensServer.builder(
                    List.of("fake"), (model, listener) -> FakeLensEngine.named("fake"))
            .listen(0)
            .build();
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server.start();
        channel = NettyChannelBuilder.forAddress("localhost", server.port().orElseThrow())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.stop();
        lines.close();
    }

    @Test
    void aGenerationSaysHowManyTokensWereGenerated() throws Exception {
        LensServiceGrpc.newBlockingStub(channel)
                .generate(GenerateRequest.newBuilder()
                        .setRequest(AnalyzeRequest.newBuilder().setPrompt(Prompts.text("x y")))
                        .setOptions(GenerationOptions.newBuilder().setMaxTokens(2))
                        .build())
                .forEachRemaining(response -> {});

        String line = lines.await(text -> text.startsWith("Generate OK"));
        assertTrue(line.contains(" tokens=4 generated=2 lenses=1 "), line);
    }

    @Test
    void aRequestHasALineWithAllThatIsKnownOfIt() throws Exception {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + TRACE + "-b7ad6b7169203331-01");
        LensServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .analyze(AnalyzeRequest.newBuilder()
                        .setRequestId("a b")
                        .setPrompt(Prompts.text("x y"))
                        .build())
                .forEachRemaining(response -> {});

        String line = lines.await(text -> text.startsWith("Analyze OK"));
        assertTrue(
                line.matches("Analyze OK id=[0-9a-f]{16} client_id=\"a b\" trace_id=" + TRACE
                        + " principal=anonymous peer=127\\.0\\.0\\.1:\\d+ model=fake tokens=\\d+ lenses=1 layers=\\d+"
                        + " queue_ms=[\\d.]+ forward_ms=[\\d.]+ lens_ms=[\\d.]+ duration_ms=[\\d.]+"
                        + " sent_bytes=[1-9]\\d* outcome=OK"),
                line);
    }

    @Test
    void everyPromptOfABatchHasALine() throws Exception {
        BatchClient batch = BatchClient.open(LensServiceGrpc.newStub(channel));
        batch.send(7, AnalyzeRequest.newBuilder().setPrompt(Prompts.text("x")).build());
        batch.send(8, AnalyzeRequest.newBuilder().setModel("none").build());
        batch.halfClose();
        batch.readAll().awaitStatus();

        String line = lines.await(text -> text.contains("/7 "));
        assertTrue(line.startsWith("AnalyzeBatch OK") && line.contains("model=fake tokens="), line);
        String failed = lines.await(text -> text.contains("/8 "));
        assertTrue(failed.contains("outcome=NOT_FOUND reason=UNKNOWN_MODEL"), failed);
        assertEquals(batch.bytes(8), sentBytes(failed));
        // Progress may be lost for something better.
        assertEquals(batch.bytes(7), sentBytes(line), 100);
    }

    private static int sentBytes(String line) {
        return Integer.parseInt(line.replaceFirst(".* sent_bytes=(\\d+) .*", "$1"));
    }

    @Test
    void aFloodOfRefusalsHasFewLinesAndACount() throws Exception {
        int calls = 100;
        for (int i = 0; i < calls; i++) {
            assertThrows(
                    StatusRuntimeException.class,
                    () -> LensServiceGrpc.newBlockingStub(channel)
                            .analyze(AnalyzeRequest.newBuilder()
                                    .setModel("no\u001b[31m\n")
                                    .build())
                            .hasNext());
        }
        server.stop();

        List<String> refusals = lines.all(line -> line.startsWith("Analyze NOT_FOUND"));
        assertEquals(20, refusals.size());
        assertTrue(refusals.get(0).contains("error=\"No model named "), refusals.get(0));
        assertEquals(-1, refusals.get(0).indexOf('\u001b'));
        assertEquals(
                List.of(calls - 20 + " more requests were refused within 10 s; they have no line."),
                lines.all(line -> line.contains("more requests")));
    }

    @Test
    void aServerTellsWhenItStartsLoadsAndStops() throws Exception {
        lines.await(line -> line.startsWith("Loaded model fake in "));
        server.stop();

        assertEquals(
                1,
                lines.all(line -> line.startsWith("Listening on localhost port "))
                        .size());
        assertEquals(1, lines.all(line -> line.startsWith("Stopping: ")).size());
        assertEquals(List.of("Stopped"), lines.all("Stopped"::equals));
    }

    @Test
    void bytesThatAreNoMessageAreTheCallersFault() throws Exception {
        for (byte[] bytes : List.of(new byte[] {(byte) 0xff}, new byte[] {10, 1, (byte) 0xff})) {
            for (MethodDescriptor<?, ?> method :
                    List.of(LensServiceGrpc.getAnalyzeMethod(), LensServiceGrpc.getAnalyzeBatchMethod())) {
                StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> send(method, bytes));

                assertEquals(Code.INVALID_ARGUMENT, refusal.getStatus().getCode());
                assertTrue(
                        String.valueOf(refusal.getStatus().getDescription()).contains("protobuf"), refusal.toString());
            }
        }
        lines.await(line -> line.startsWith("Analyze INVALID_ARGUMENT id="));
        // And the server is none the worse.
        aRequestHasALineWithAllThatIsKnownOfIt();
    }

    private void send(MethodDescriptor<?, ?> method, byte[] bytes) {
        ClientCalls.blockingServerStreamingCall(
                        channel,
                        method.toBuilder(new Raw(), new Raw())
                                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                                .build(),
                        CallOptions.DEFAULT,
                        bytes)
                .forEachRemaining(response -> {});
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {

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
