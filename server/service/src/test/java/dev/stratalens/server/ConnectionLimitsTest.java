package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.config.ConnectionLimits;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What those who reach the port can take of it, over real sockets. After each, another client is served. */
@Timeout(120)
final class ConnectionLimitsTest {

    private static final ConnectionLimits DEFAULT = ConnectionLimits.DEFAULT;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int REFUSED_STREAM = 7;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void closesConnectionsBeyondTheLimitAndSaysSoOnce() throws Exception {
        try (LoggedLines log = LoggedLines.collect()) {
            int port = start(new ConnectionLimits(
                    3, 10, DEFAULT.headerBytes(), 1 << 20, DEFAULT.handshakeTimeout(), DEFAULT.idle()));
            List<RawConnection> held = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawConnection connection = keep(RawConnection.open(port));
                assertTrue(connection.await(RawConnection.SETTINGS).isPresent());
                held.add(connection);
            }

            for (int i = 0; i < 20; i++) {
                try (RawConnection refused = RawConnection.silent(port)) {
                    refused.awaitEnd();
                }
            }

            assertEquals(1, log.all(line -> line.contains("max-connections")).size());
            held.get(0).close();
            awaitServed(port);
        }
    }

    @Test
    void refusesCallsBeyondTheLimitOfAConnection() throws Exception {
        int port = start(new ConnectionLimits(
                10, 2, DEFAULT.headerBytes(), 1 << 20, DEFAULT.handshakeTimeout(), DEFAULT.idle()));
        RawConnection connection = keep(RawConnection.open(port));

        assertEquals(
                Optional.of(2),
                connection.await(RawConnection.SETTINGS).orElseThrow().mostStreams());
        connection.send(RawConnection.frame(RawConnection.SETTINGS, 1, 0, new byte[0]));
        for (int stream = 1; stream <= 5; stream += 2) {
            connection.send(RawConnection.call(stream));
        }

        RawConnection.Frame reset = connection.await(RawConnection.RST_STREAM).orElseThrow();
        assertEquals(5, reset.stream());
        assertEquals(REFUSED_STREAM, reset.errorCode());
        awaitServed(port);
    }

    @Test
    void refusesLargeHeadersAndLargeRequests() throws Exception {
        int port = start(new ConnectionLimits(10, 10, 12 << 10, 64 << 10, DEFAULT.handshakeTimeout(), DEFAULT.idle()));
        ManagedChannel channel = channel(port);
        Metadata large = new Metadata();
        large.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20_000));
        Metadata fitting = new Metadata();
        fitting.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(10_000));
        var info = ServerServiceGrpc.newBlockingStub(channel);

        assertThrows(
                StatusRuntimeException.class,
                () -> info.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(large))
                        .getServerInfo(GetServerInfoRequest.getDefaultInstance()));
        var answer = info.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(fitting))
                .getServerInfo(GetServerInfoRequest.getDefaultInstance());
        assertEquals(64 << 10, answer.getLimits().getMaxRequestMessageBytes());
        StatusRuntimeException refusal = assertThrows(
                StatusRuntimeException.class,
                () -> LensServiceGrpc.newBlockingStub(channel)
                        .analyze(AnalyzeRequest.newBuilder()
                                .setPrompt(Prompts.text("x".repeat(100_000)))
                                .build())
                        .hasNext());
        assertEquals(Code.RESOURCE_EXHAUSTED, refusal.getStatus().getCode());
        awaitServed(port);
    }

    /** 16 messages of 64 KiB may be half sent: 24 are sent to three quarters, so three must go. */
    @Test
    void endsTheOldestCallsOfTheConnectionThatHoldsMostHalfSentMessages() throws Exception {
        int port = start(new ConnectionLimits(10, 100, 16 << 10, 64 << 10, DEFAULT.handshakeTimeout(), DEFAULT.idle()));
        byte[] request = RawConnection.message(
                AnalyzeRequest.newBuilder().setPrompt(Prompts.text("a")).build().toByteArray());
        RawConnection slow = keep(RawConnection.open(port));
        slow.send(RawConnection.call(1));
        slow.send(RawConnection.frame(RawConnection.DATA, 0, 1, Arrays.copyOf(request, 6)));
        RawConnection greedy = keep(RawConnection.open(port));
        greedy.await(RawConnection.WINDOW_UPDATE);
        byte[] part = Arrays.copyOf(RawConnection.message(new byte[64 << 10]), 16 << 10);

        for (int stream = 1; stream < 40; stream += 2) {
            greedy.send(RawConnection.call(stream));
            greedy.send(RawConnection.frame(RawConnection.DATA, 0, stream, part));
            greedy.send(RawConnection.frame(RawConnection.DATA, 0, stream, new byte[16 << 10]));
            greedy.send(RawConnection.frame(RawConnection.DATA, 0, stream, new byte[16 << 10]));
        }
        RawConnection second = keep(RawConnection.open(port));
        for (int stream = 1; stream < 8; stream += 2) {
            second.send(RawConnection.call(stream));
            second.send(RawConnection.frame(RawConnection.DATA, 0, stream, part));
            second.send(RawConnection.frame(RawConnection.DATA, 0, stream, new byte[16 << 10]));
            second.send(RawConnection.frame(RawConnection.DATA, 0, stream, new byte[16 << 10]));
        }

        for (int oldest : List.of(1, 3, 5)) {
            assertEquals(oldest, greedy.await(RawConnection.HEADERS).orElseThrow().stream());
        }
        slow.send(RawConnection.frame(
                RawConnection.DATA, RawConnection.END_STREAM, 1, Arrays.copyOfRange(request, 6, request.length)));
        assertTrue(slow.await(RawConnection.DATA).isPresent());
        awaitServed(port);
    }

    @Test
    void endsAConnectionThatResetsCallsWithoutEnd() throws Exception {
        int port = start(DEFAULT);
        RawConnection connection = keep(RawConnection.open(port));
        for (int stream = 1; stream < 100_000; stream += 2) {
            connection.send(RawConnection.call(stream));
            if (!connection.send(RawConnection.frame(RawConnection.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}))) {
                break;
            }
        }

        assertEndsCalmly(connection);
        awaitServed(port);
    }

    @Test
    void endsAConnectionThatPingsWithoutEnd() throws Exception {
        int port = start(DEFAULT);
        RawConnection connection = keep(RawConnection.open(port));
        for (int i = 0; i < 50_000; i++) {
            if (!connection.send(RawConnection.frame(RawConnection.PING, 0, 0, new byte[8]))) {
                break;
            }
        }

        assertEndsCalmly(connection);
        awaitServed(port);
    }

    @Test
    void closesConnectionsThatAreIdleOrNeverSayAnything() throws Exception {
        int port = start(new ConnectionLimits(10, 10, 1 << 14, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(1)));

        keep(RawConnection.silent(port)).awaitEnd();
        RawConnection idle = keep(RawConnection.open(port));
        assertTrue(idle.await(RawConnection.GOAWAY).isPresent());
        awaitServed(port);
    }

    @Test
    void closesConnectionsThatNeverFinishTheirHandshake(@TempDir Path directory) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(directory);
        int port = start(builder -> builder.listen(
                        "localhost",
                        0,
                        new TransportSecurity.Tls(certificate.certificate(), certificate.key(), Optional.empty()))
                .connections(
                        new ConnectionLimits(10, 10, 1 << 14, 1 << 20, Duration.ofMillis(200), Duration.ofHours(1))));

        keep(RawConnection.silent(port)).awaitEnd();
    }

    /** The other side may have closed before its reason could be read. */
    private static void assertEndsCalmly(RawConnection connection) throws IOException {
        connection.await(RawConnection.GOAWAY).ifPresent(end -> assertEquals(ENHANCE_YOUR_CALM, end.errorCode()));
        connection.awaitEnd();
    }

    private int start(ConnectionLimits limits) throws IOException {
        return start(builder -> builder.listen(0).connections(limits));
    }

    private int start(UnaryOperator<LensServerBuilder> settings) throws IOException {
        LensServer server = settings.apply(
                        LensServer.builder(List.of("fake"), (name, listener) -> FakeLensEngine.named(name)))
                .build();
        server.start();
        open.add(() -> server.stopWithin(Duration.ZERO));
        return server.port().orElseThrow();
    }

    private RawConnection keep(RawConnection connection) {
        open.add(0, connection);
        return connection;
    }

    private ManagedChannel channel(int port) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
        open.add(0, channel::shutdownNow);
        return channel;
    }

    /** Another client is answered, at once or after its connection had room. */
    private void awaitServed(int port) {
        var info = ServerServiceGrpc.newBlockingStub(channel(port)).withWaitForReady();
        assertEquals(
                1, info.getServerInfo(GetServerInfoRequest.getDefaultInstance()).getModelsCount());
    }
}
