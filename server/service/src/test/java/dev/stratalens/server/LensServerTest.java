package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.server.grpc.stream.Compression;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.TrajectoryOptions;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over real sockets. */
final class LensServerTest {

    private static final AnalyzeRequest REQUEST = AnalyzeRequest.newBuilder()
            .setPrompt(Prompts.text("hello, wide world"))
            .setTopK(100)
            .addLayers(IndexRange.newBuilder().setStride(2))
            .setTrajectories(TrajectoryOptions.getDefaultInstance())
            .build();

    @TempDir
    Path directory;

    @Test
    void answersOverTcp() throws IOException {
        LensServer server = start(builder().listen(0));
        ManagedChannel channel = plaintext(server);

        assertTrue(complete(analyze(channel)));

        channel.shutdownNow();
        server.stop();
    }

    @Test
    void answersOverTlsToClientsThatTrustItsCertificate() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(directory);
        LensServer server = start(builder()
                .listen(
                        "localhost",
                        0,
                        new TransportSecurity.Tls(certificate.certificate(), certificate.key(), Optional.empty())));
        ManagedChannel trusting = NettyChannelBuilder.forAddress(
                        "localhost",
                        port(server),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(certificate.certificate().toFile())
                                .build())
                .build();
        ManagedChannel distrusting = NettyChannelBuilder.forAddress(
                        "localhost", port(server), TlsChannelCredentials.create())
                .build();
        ManagedChannel plain = plaintext(server);

        assertTrue(complete(analyze(trusting)));
        assertEquals(
                Code.UNAVAILABLE,
                assertThrows(StatusRuntimeException.class, () -> analyze(distrusting))
                        .getStatus()
                        .getCode());
        assertEquals(
                Code.UNAVAILABLE,
                assertThrows(StatusRuntimeException.class, () -> analyze(plain))
                        .getStatus()
                        .getCode());

        List.of(trusting, distrusting, plain).forEach(ManagedChannel::shutdownNow);
        server.stop();
    }

    @Test
    void refusesPlaintextOnOtherAddressesUnlessItIsAllowedByName() throws IOException {
        LensServer careless = builder()
                .listen("0.0.0.0", 0, new TransportSecurity.LoopbackPlaintext())
                .build();
        IOException refusal = assertThrows(IOException.class, careless::start);
        assertTrue(String.valueOf(refusal.getMessage()).contains("0.0.0.0"), refusal.toString());

        LensServer deliberate = start(builder().listen("0.0.0.0", 0, new TransportSecurity.PlaintextAnywhere()));
        ManagedChannel channel = plaintext(deliberate);
        assertTrue(complete(analyze(channel)));
        channel.shutdownNow();
        deliberate.stop();
    }

    @Test
    void namesTheSettingAndTheFileThatTlsLacks() throws Exception {
        SelfSignedCertificate good = SelfSignedCertificate.in(directory);
        Path missing = directory.resolve("missing.pem");
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        String remedy = ". Give a readable PEM file.";

        assertEquals("tls-cert: " + missing + " does not exist" + remedy, refusal(missing, good.key()));
        assertEquals("tls-cert: " + directory + " is a directory" + remedy, refusal(directory, good.key()));
        assertEquals("tls-key: " + missing + " does not exist" + remedy, refusal(good.certificate(), missing));
        assertEquals(
                "tls-cert: " + empty
                        + " has no certificate that can be read. Give a PEM file with the certificate chain.",
                refusal(empty, good.key()));
        String exchanged = refusal(good.key(), good.certificate());
        assertTrue(exchanged.startsWith("tls-cert: " + good.key() + " has no certificate"), exchanged);
        String wrongKey = refusal(good.certificate(), empty);
        assertTrue(wrongKey.startsWith("tls-key: " + empty + " has no private key"), wrongKey);
    }

    @Test
    void namesTheHostThatLeadsNowhere() {
        LensServer server = builder()
                .listen("no-such-host.invalid", 0, new TransportSecurity.LoopbackPlaintext())
                .build();

        IOException refusal = assertThrows(IOException.class, server::start);

        assertTrue(
                String.valueOf(refusal.getMessage()).startsWith("host: no address is known for no-such-host.invalid."),
                refusal.toString());
    }

    private static String refusal(Path certificate, Path key) {
        LensServer server = builder()
                .listen("localhost", 0, new TransportSecurity.Tls(certificate, key, Optional.empty()))
                .build();
        return String.valueOf(
                assertThrows(IOException.class, server::start, "started").getMessage());
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        LensServer first = start(builder().listen(0));
        LensServer second = builder().listen(port(first)).build();

        BindException refusal = assertThrows(BindException.class, second::start);

        String message = String.valueOf(refusal.getMessage());
        assertTrue(
                message.matches("cannot listen on localhost:" + port(first)
                        + " \\([^()]*\\)\\. Choose another port or host, or stop what listens there\\."),
                message);
        first.stop();
    }

    @Test
    void reflectionListsTheServices() throws Exception {
        LensServer server = start(builder().listen(0));
        ManagedChannel channel = plaintext(server);
        CompletableFuture<ServerReflectionResponse> listed = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        listed.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        listed.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        Set<String> services = new HashSet<>();
        listed.get(20, TimeUnit.SECONDS)
                .getListServicesResponse()
                .getServiceList()
                .forEach(service -> services.add(service.getName()));
        requests.onCompleted();

        assertTrue(
                services.containsAll(
                        Set.of(LensServiceGrpc.SERVICE_NAME, ModelServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME)),
                services.toString());
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void compressesLargeMessagesOnlyAndOnlyWhenSwitchedOn() throws IOException {
        List<Message> off = messagesOf(Compression.NONE);
        List<Message> on = messagesOf(Compression.GZIP);

        assertTrue(off.stream().noneMatch(Message::compressed), off.toString());
        assertTrue(on.stream().anyMatch(Message::compressed), on.toString());
        for (Message message : on) {
            assertEquals(message.plainBytes() >= 4 << 10, message.compressed(), message.toString());
        }
    }

    @Test
    void stoppingTwiceIsNoHarm() throws IOException, InterruptedException {
        LensServer server = start(builder().listen(0));

        server.stop();
        server.stop();

        server.awaitTermination();
    }

    /** A message that a client received. */
    private record Message(int plainBytes, boolean compressed) {}

    private static List<Message> messagesOf(Compression compression) throws IOException {
        LensServer server = start(builder().compression(compression).listen(0));
        ManagedChannel channel = plaintext(server);
        Queue<Boolean> compressed = new ConcurrentLinkedQueue<>();
        ClientStreamTracer tracer = new ClientStreamTracer() {
            @Override
            public void inboundMessageRead(int number, long optionalWireSize, long optionalUncompressedSize) {
                // The transport knows the size of what it does not have to decompress.
                compressed.add(optionalUncompressedSize < 0);
            }
        };
        ClientStreamTracer.Factory factory = new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                return tracer;
            }
        };
        List<Message> messages = new ArrayList<>();
        LensServiceGrpc.newBlockingStub(channel)
                .withInterceptors(tracing(factory))
                .analyze(REQUEST)
                .forEachRemaining(event -> messages.add(new Message(event.getSerializedSize(), compressed.remove())));
        channel.shutdownNow();
        server.stop();
        return messages;
    }

    private static ClientInterceptor tracing(ClientStreamTracer.Factory factory) {
        return new ClientInterceptor() {
            @Override
            public <Q, S> ClientCall<Q, S> interceptCall(
                    MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
                return next.newCall(method, options.withStreamTracerFactory(factory));
            }
        };
    }

    private static LensServerBuilder builder() {
        return LensServer.builder(List.of("fake"), (name, listener) -> FakeLensEngine.named(name));
    }

    private static LensServer start(LensServerBuilder builder) throws IOException {
        LensServer server = builder.build();
        server.start();
        return server;
    }

    private static int port(LensServer server) {
        return server.port().orElseThrow();
    }

    private static ManagedChannel plaintext(LensServer server) {
        return NettyChannelBuilder.forAddress("localhost", port(server))
                .usePlaintext()
                .build();
    }

    private static List<Event> analyze(ManagedChannel channel) {
        List<Event> events = new ArrayList<>();
        LensServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .analyze(REQUEST)
                .forEachRemaining(message -> events.addAll(message.getEventsList()));
        return events;
    }

    private static boolean complete(List<Event> events) {
        return events.get(events.size() - 1).hasSummary();
    }
}
