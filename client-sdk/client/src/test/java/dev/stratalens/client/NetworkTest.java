package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.fake.SelfSignedCertificate;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client over real connections. */
@Timeout(60)
class NetworkTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeRun RUN = FakeRun.of(8, REQUEST);

    @Test
    void plainTextMustBeAskedForByName() throws InterruptedException {
        try (FakeLensServer server = server(InsecureServerCredentials.create())) {
            String target = "localhost:" + server.port();
            try (LensClient client = LensClient.builder(target)
                    .usePlaintext()
                    .timeout(Duration.ofSeconds(30))
                    .build()) {
                assertEquals(4, client.analyze(REQUEST).layers().size());
                assertTrue(server.nextHasDeadline());
            }
            try (LensClient client = LensClient.builder(target).build()) {
                LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
                assertEquals(ErrorCode.UNAVAILABLE, error.code());
                assertTrue(String.valueOf(error.getMessage()).contains("TLS or plain text"), error.getMessage());
            }
        }
    }

    @Test
    void tlsTrustsTheGivenCertificateOnly(@TempDir Path folder) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        ServerCredentials tls = TlsServerCredentials.newBuilder()
                .keyManager(
                        certificate.certificate().toFile(), certificate.key().toFile())
                .build();
        try (FakeLensServer server = server(tls)) {
            String target = "localhost:" + server.port();
            try (LensClient trusting = LensClient.builder(target)
                    .trustCertificates(certificate.certificate())
                    .build()) {
                assertEquals(4, trusting.analyze(REQUEST).layers().size());
            }
            try (LensClient careful = LensClient.builder(target).build()) {
                LensException error = assertThrows(LensException.class, () -> careful.analyze(REQUEST));
                assertEquals(ErrorCode.UNAVAILABLE, error.code());
            }
        }
    }

    @Test
    void buildingTouchesNoNetworkAndMistakesAreTold() {
        LensClient.builder("no.such.host.invalid:1").build().close();
        LensClientBuilder both = LensClient.builder("h:1").usePlaintext().trustCertificates(Path.of("ca.pem"));
        assertThrows(IllegalStateException.class, both::build);
        LensClientBuilder missing = LensClient.builder("h:1").trustCertificates(Path.of("missing-ca.pem"));
        UncheckedIOException error = assertThrows(UncheckedIOException.class, missing::build);
        assertTrue(String.valueOf(error.getMessage()).contains("missing-ca.pem"));
    }

    @Test
    void anUnreachableServerIsUnavailableAtOnce() {
        int freePort;
        try (FakeLensServer server = server(InsecureServerCredentials.create())) {
            freePort = server.port();
        }
        try (LensClient client =
                LensClient.builder("localhost:" + freePort).usePlaintext().build()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, error.code());
            assertTrue(error.isRetryable());
            assertTrue(String.valueOf(error.getMessage()).contains("refused"), error.getMessage());
        }
    }

    @Test
    void interceptorsSeeEveryCall() {
        AtomicInteger calls = new AtomicInteger();
        ClientInterceptor counter = new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> interceptCall(
                    MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                calls.incrementAndGet();
                return next.newCall(method, options);
            }
        };
        try (FakeLensServer server = server(InsecureServerCredentials.create());
                LensClient client = LensClient.builder("localhost:" + server.port())
                        .usePlaintext()
                        .intercept(counter)
                        .build()) {
            client.analyze(REQUEST);
        }
        assertEquals(1, calls.get());
    }

    @Test
    void aBorrowedChannelStaysOpen() {
        try (FakeLensServer server = server(InsecureServerCredentials.create())) {
            ManagedChannel channel = NettyChannelBuilder.forTarget(
                            "localhost:" + server.port(), InsecureChannelCredentials.create())
                    .build();
            try (LensClient client = LensClient.forChannel(channel)) {
                assertEquals(4, client.analyze(REQUEST).layers().size());
            }
            assertFalse(channel.isShutdown());
            channel.shutdownNow();
        }
    }

    private static FakeLensServer server(ServerCredentials credentials) {
        return FakeLensServer.playingOn(
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials),
                RUN.events());
    }
}
