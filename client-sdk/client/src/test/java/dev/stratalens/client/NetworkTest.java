package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.fake.FaultyProxy;
import dev.stratalens.fake.FaultyProxy.Direction;
import dev.stratalens.fake.FaultyProxy.Effect;
import dev.stratalens.fake.FaultyProxy.Fault;
import dev.stratalens.fake.SelfSignedCertificate;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client over real connections. */
@Timeout(60)
class NetworkTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeRun RUN = FakeRun.of(8, REQUEST);
    private static final Metadata.Key<String> AUTHORIZATION = header("authorization");
    private static final Metadata.Key<String> API_KEY = header("x-api-key");
    private static final Metadata.Key<String> PUSHBACK = header("grpc-retry-pushback-ms");

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
                assertTrue(String.valueOf(error.getMessage()).contains("speaks plain text"), error.getMessage());
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
                assertTrue(String.valueOf(error.getMessage()).contains("not trusted"), error.getMessage());
            }
        }
    }

    @Test
    void aClientShowsItsCertificateToAServerThatWantsOne(@TempDir Path folder) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        ServerCredentials tls = TlsServerCredentials.newBuilder()
                .keyManager(
                        certificate.certificate().toFile(), certificate.key().toFile())
                .trustManager(certificate.certificate().toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
        try (FakeLensServer server = server(tls)) {
            LensClientBuilder trusting =
                    LensClient.builder("localhost:" + server.port()).trustCertificates(certificate.certificate());
            try (LensClient unknown = trusting.build()) {
                assertEquals(
                        ErrorCode.UNAVAILABLE,
                        assertThrows(LensException.class, () -> unknown.analyze(REQUEST))
                                .code());
            }
            try (LensClient known = trusting.clientCertificate(certificate.certificate(), certificate.key())
                    .build()) {
                assertEquals(4, known.analyze(REQUEST).layers().size());
            }
        }
    }

    @Test
    void keysGoOutWithEveryCall() {
        List<String> seen = new CopyOnWriteArrayList<>();
        ServerInterceptor headers = new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
                seen.add(metadata.get(AUTHORIZATION) + ", " + metadata.get(API_KEY));
                return next.startCall(call, metadata);
            }
        };
        AtomicInteger tokens = new AtomicInteger();
        try (FakeLensServer server = FakeLensServer.playingOn(loopback().intercept(headers), RUN.events())) {
            LensClientBuilder plain =
                    LensClient.builder("localhost:" + server.port()).usePlaintext();
            try (LensClient client =
                    plain.bearerToken(() -> "t" + tokens.incrementAndGet()).build()) {
                client.analyze(REQUEST);
                client.analyze(REQUEST);
            }
            try (LensClient client = plain.apiKey(() -> "k").build()) {
                client.analyze(REQUEST);
            }
        }
        assertEquals(List.of("Bearer t1, null", "Bearer t2, null", "null, k"), seen);
    }

    @Test
    void aRefusedCallIsMadeAgainAsTheServerSays() {
        AtomicInteger calls = new AtomicInteger();
        try (FakeLensServer server =
                        FakeLensServer.playingOn(loopback().intercept(refusing(calls, 2, "1")), RUN.events());
                LensClient client = LensClient.builder("localhost:" + server.port())
                        .usePlaintext()
                        .build()) {
            assertEquals(4, client.analyze(REQUEST).layers().size());
        }
        assertEquals(3, calls.get());
    }

    @Test
    void sweepsAndGenerationsAreMadeAgainAsWell() {
        Intervention zero = Intervention.of(ChangedRows.at(Site.BLOCK_OUTPUT), Operation.setZero());
        SweepRequest sweep = SweepRequest.of(Prompt.text("a prompt"), zero, Metric.klFromUnchanged())
                .build();
        List<Consumer<LensClient>> asked = List.of(
                client -> client.sweep(sweep),
                client -> client.generate(REQUEST, GenerateOptions.builder().build()));
        for (Consumer<LensClient> ask : asked) {
            AtomicInteger calls = new AtomicInteger();
            try (FakeLensServer server =
                            FakeLensServer.playingOn(loopback().intercept(refusing(calls, 9, "1")), RUN.events());
                    LensClient client = LensClient.builder("localhost:" + server.port())
                            .usePlaintext()
                            .build()) {
                LensException error = assertThrows(LensException.class, () -> ask.accept(client));
                assertEquals(ErrorCode.LIMIT_EXCEEDED, error.code());
            }
            assertEquals(4, calls.get());
        }
    }

    @Test
    void aCallIsNotMadeAgainWhereTheServerSaysThatItDoesNotHelp() {
        AtomicInteger calls = new AtomicInteger();
        try (FakeLensServer server =
                        FakeLensServer.playingOn(loopback().intercept(refusing(calls, 2, "-1")), RUN.events());
                LensClient client = LensClient.builder("localhost:" + server.port())
                        .usePlaintext()
                        .build()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.LIMIT_EXCEEDED, error.code());
        }
        assertEquals(1, calls.get());
    }

    @Test
    void aHostThatAcceptsTheConnectionAndSaysNothingEndsTheCall() throws IOException {
        try (FakeLensServer server = server(InsecureServerCredentials.create());
                FaultyProxy proxy = FaultyProxy.before(server.port(), new Fault(Direction.TO_CLIENT, 0, Effect.STALL));
                LensClient client = LensClient.builder("localhost:" + proxy.port())
                        .usePlaintext()
                        .keepAlive(Duration.ofMillis(200))
                        .build()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, error.code());
            assertTrue(error.isRetryable());
            assertTrue(String.valueOf(error.getMessage()).contains("Nothing answers"), error.getMessage());
        }
    }

    /** Refuses the first calls before they begin. */
    private static ServerInterceptor refusing(AtomicInteger calls, int times, String pushback) {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
                if (calls.incrementAndGet() > times) {
                    return next.startCall(call, metadata);
                }
                Metadata trailers = new Metadata();
                trailers.put(PUSHBACK, pushback);
                call.close(Status.RESOURCE_EXHAUSTED.withDescription("full"), trailers);
                return new ServerCall.Listener<>() {};
            }
        };
    }

    @Test
    void aTargetNeedsAPort() {
        for (String target : List.of("localhost", "10.0.0.1", "[::1]", "a b", "a:1,b", "a:1,", ",a:1")) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> LensClient.builder(target));
            assertTrue(String.valueOf(error.getMessage()).contains("host:port"), error.getMessage());
        }
        for (String target : List.of("localhost:1", "[::1]:1", "dns:///replicas.example:1", "unix:/run/socket")) {
            LensClient.builder(target);
        }
        LensClient.builder("a:1,[::1]:1, b:2").build().close();
    }

    @Test
    void callsAreSpreadOverAListOfAddressesAndEachShowsTheCertificateOfItsOwnHost(@TempDir Path folder)
            throws Exception {
        SelfSignedCertificate ofName = SelfSignedCertificate.named("CN=name", "dns:localhost", folder.resolve("name"));
        SelfSignedCertificate ofAddress =
                SelfSignedCertificate.named("CN=address", "ip:127.0.0.1", folder.resolve("address"));
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(ofName.certificate()) + Files.readString(ofAddress.certificate()));
        AtomicInteger toName = new AtomicInteger();
        AtomicInteger toAddress = new AtomicInteger();
        try (FakeLensServer name = server(ofName, toName);
                FakeLensServer address = server(ofAddress, toAddress);
                LensClient client = LensClient.builder(
                                "localhost:%d, 127.0.0.1:%d".formatted(name.port(), address.port()))
                        .trustCertificates(both)
                        .build()) {
            while (toName.get() == 0 || toAddress.get() == 0) {
                client.analyze(REQUEST);
            }
            int before = toName.get();
            client.analyze(REQUEST);
            client.analyze(REQUEST);
            assertEquals(before + 1, toName.get());
        }
    }

    @Test
    void aHostOfAListThatDoesNotExistLeavesTheOthers() {
        try (FakeLensServer server = server(InsecureServerCredentials.create())) {
            String list = "no-such-host.invalid:1,127.0.0.1:" + server.port();
            try (LensClient client = LensClient.builder(list).usePlaintext().build()) {
                assertEquals(4, client.analyze(REQUEST).layers().size());
            }
        }
    }

    @Test
    void aListOfHostsThatDoNotExistIsUnavailable() {
        try (LensClient client = LensClient.builder("no-such-host.invalid:1,neither.invalid:2")
                .usePlaintext()
                .build()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, error.code());
            assertEquals("There is no host of the name no-such-host.invalid. Check the address.", error.getMessage());
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
    void anUnreachableServerIsUnavailableAtOnce() throws IOException {
        // A port that is taken, so that no other process gets it meanwhile, and where nothing listens.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (LensClient client = LensClient.builder("localhost:" + taken.getLocalPort())
                    .usePlaintext()
                    .build()) {
                LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
                assertEquals(ErrorCode.UNAVAILABLE, error.code());
                assertTrue(error.isRetryable());
                assertTrue(String.valueOf(error.getMessage()).contains("Nothing listens at"), error.getMessage());
            }
        }
    }

    @Test
    void anUnknownHostIsNamedAndNothingIsLogged() {
        Logger logger = Logger.getLogger("io.grpc");
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord entry) {
                logged.add(entry);
            }
        };
        logger.addHandler(handler);
        try (LensClient client =
                LensClient.builder("no-such-host.invalid:50061").usePlaintext().build()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, error.code());
            assertEquals("There is no host of the name no-such-host.invalid. Check the address.", error.getMessage());
        } finally {
            logger.removeHandler(handler);
        }
        assertEquals(
                List.of(),
                logged.stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.INFO.intValue())
                        .map(LogRecord::getMessage)
                        .toList());
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

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static NettyServerBuilder loopback() {
        return NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create());
    }

    /** Counts its calls. */
    private static FakeLensServer server(SelfSignedCertificate certificate, AtomicInteger calls) throws IOException {
        ServerCredentials tls = TlsServerCredentials.newBuilder()
                .keyManager(
                        certificate.certificate().toFile(), certificate.key().toFile())
                .build();
        return FakeLensServer.playingOn(
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls)
                        .intercept(refusing(calls, 0, "0")),
                RUN.events());
    }

    private static FakeLensServer server(ServerCredentials credentials) {
        return FakeLensServer.playingOn(
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials),
                RUN.events());
    }
}
