package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensClientBuilder;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.fake.FaultyProxy;
import dev.stratalens.fake.FaultyProxy.Direction;
import dev.stratalens.fake.FaultyProxy.Effect;
import dev.stratalens.fake.FaultyProxy.Fault;
import dev.stratalens.fake.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller sees of a network with faults: the real client, a real server, in plain text and over TLS. */
@Timeout(120)
class NetworkFaultsTest {

    private static final int LAYERS = 10;
    private static final String PROMPT = "The capital of France is";
    /** Of some 20 kB, in several messages. */
    private static final LensRequest REQUEST = LensRequest.of(PROMPT).topK(50).build();
    /** Within the headers of a first request in plain text, which begin behind some 80 bytes and have some 250. */
    private static final int IN_REQUEST = 150;

    @TempDir
    private static Path folder;

    private static final List<DemoServer> SERVERS = new ArrayList<>();

    /** How a connection is made. */
    enum Way {
        PLAINTEXT,
        TLS;

        private DemoServer server() {
            return SERVERS.get(this == PLAINTEXT ? 0 : 1);
        }

        private LensClientBuilder client(int port) {
            LensClientBuilder builder = LensClient.builder("localhost:" + port);
            return this == TLS ? builder.trustCertificates(folder.resolve("server.pem")) : builder.usePlaintext();
        }

        private LensResult ask(int port) {
            try (LensClient client = client(port).build()) {
                return client.analyze(REQUEST);
            }
        }

        /** Bytes of a whole answer, on a connection of its own. */
        private long answerBytes() throws IOException {
            try (FaultyProxy proxy = FaultyProxy.before(server().port())) {
                ask(proxy.port());
                return proxy.passed(Direction.TO_CLIENT);
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        SERVERS.add(DemoServer.plaintext());
        SERVERS.add(DemoServer.with(certificate));
        for (Way way : Way.values()) {
            way.ask(way.server().port());
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(DemoServer::close);
    }

    static Stream<Arguments> breaks() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Effect.CUT, Effect.RESET, Effect.HALF_CLOSE)
                        .map(effect -> Arguments.of(way, effect)));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void anAnswerThatBreaksOffIsAnErrorAndNoResult(Way way, Effect effect) throws IOException {
        Fault fault = new Fault(Direction.TO_CLIENT, way.answerBytes() / 2, effect);
        try (FaultyProxy proxy = FaultyProxy.before(way.server().port(), fault);
                LensClient client = way.client(proxy.port()).build();
                LensStream stream = client.stream(REQUEST)) {
            assertBrokenOff(assertThrows(LensException.class, stream::result));
            assertThrows(LensException.class, stream::result, "there is no result later, either");
        }
        assertOthersAreServed(way);
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void aBatchThatBreaksOffHasWholeResultsAndKnowsTheRest(Way way, Effect effect) throws IOException {
        List<LensRequest> requests = List.of(REQUEST, REQUEST, REQUEST, REQUEST);
        Fault fault = new Fault(Direction.TO_CLIENT, way.answerBytes() * 5 / 2, effect);
        LensResult whole = way.ask(way.server().port());
        try (FaultyProxy proxy = FaultyProxy.before(way.server().port(), fault);
                LensClient client = way.client(proxy.port()).build();
                LensBatch batch = client.analyzeAll(requests).inFlight(1)) {
            Iterator<BatchOutcome> outcomes = batch.iterator();
            List<BatchOutcome> answered = new ArrayList<>();
            LensException failure = assertThrows(LensException.class, () -> {
                while (outcomes.hasNext()) {
                    answered.add(outcomes.next());
                }
            });
            assertBrokenOff(failure);
            assertFalse(answered.isEmpty());
            answered.forEach(
                    outcome -> assertEquals(whole.layers(), outcome.result().layers()));
            assertEquals(List.of((long) answered.size()), batch.unanswered());
        }
        assertOthersAreServed(way);
    }

    @ParameterizedTest
    @EnumSource(
            value = Effect.class,
            names = {"CUT", "RESET", "HALF_CLOSE"})
    void aRequestThatBreaksOffOnItsWayIsMadeAgain(Effect effect) throws IOException {
        Fault fault = new Fault(Direction.TO_SERVER, IN_REQUEST, effect);
        try (FaultyProxy proxy = FaultyProxy.beforeOnce(Way.PLAINTEXT.server().port(), fault)) {
            assertEquals(LAYERS, Way.PLAINTEXT.ask(proxy.port()).layers().size());
        }
        try (FaultyProxy proxy = FaultyProxy.before(Way.PLAINTEXT.server().port(), fault)) {
            assertBrokenOff(assertThrows(LensException.class, () -> Way.PLAINTEXT.ask(proxy.port())));
        }
        assertOthersAreServed(Way.PLAINTEXT);
    }

    /** In the handshake, in the headers, in each quarter of the answer. */
    @Test
    void aBitThatFlipsUnderTlsIsAnErrorEverywhere() throws IOException {
        long bytes = Way.TLS.answerBytes();
        for (Direction direction : Direction.values()) {
            for (int quarter = 0; quarter < (direction == Direction.TO_CLIENT ? 4 : 1); quarter++) {
                Fault fault = new Fault(direction, 200 + bytes * quarter / 4, Effect.CORRUPT);
                try (FaultyProxy proxy = FaultyProxy.before(Way.TLS.server().port(), fault);
                        LensClient client = Way.TLS
                                .client(proxy.port())
                                .keepAlive(Duration.ofSeconds(1)) // a length that grew waits for bytes that never come
                                .build()) {
                    LensException failure = assertThrows(LensException.class, () -> client.analyze(REQUEST));
                    assertEquals(ErrorCode.UNAVAILABLE, failure.code(), () -> fault + " " + failure.getMessage());
                }
            }
        }
        assertOthersAreServed(Way.TLS);
    }

    /** TCP's own checksum apart, nothing notices a number that became another one. */
    @Test
    void aBitThatFlipsInPlainTextIsAnErrorOrIsNotNoticed() throws IOException {
        long bytes = Way.PLAINTEXT.answerBytes();
        int places = 24;
        for (int place = 0; place < places; place++) {
            Fault fault = new Fault(Direction.TO_CLIENT, bytes * place / places, Effect.CORRUPT);
            try (FaultyProxy proxy = FaultyProxy.before(Way.PLAINTEXT.server().port(), fault);
                    LensClient client = Way.PLAINTEXT
                            .client(proxy.port())
                            .timeout(Duration.ofSeconds(5)) // a length that grew waits for bytes that never come
                            .build()) {
                client.analyze(REQUEST);
            } catch (LensException failure) {
                assertFalse(String.valueOf(failure.getMessage()).isEmpty(), fault.toString());
            }
        }
        assertOthersAreServed(Way.PLAINTEXT);
    }

    /** All at once, because gRPC takes 10 seconds at least before it asks whether the other side lives. */
    @Test
    void aConnectionThatGoesSilentEndsEveryKindOfCall() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        Map<CompletableFuture<?>, String> wordsOfCalls = new LinkedHashMap<>();
        try {
            for (Way way : Way.values()) {
                for (long after : List.of(0L, way.answerBytes() / 2)) {
                    FaultyProxy proxy = FaultyProxy.before(
                            way.server().port(), new Fault(Direction.TO_CLIENT, after, Effect.STALL));
                    open.add(0, proxy);
                    LensClient client = way.client(proxy.port())
                            .keepAlive(Duration.ofSeconds(1))
                            .build();
                    open.add(0, client);
                    String words = after == 0 ? "Nothing answers" : "went silent";
                    wordsOfCalls.put(client.async().analyze(REQUEST), words);
                    wordsOfCalls.put(
                            CompletableFuture.runAsync(() ->
                                    client.analyzeAll(List.of(REQUEST, REQUEST)).forEach(BatchOutcome::result)),
                            words);
                }
            }
            for (Way way : Way.values()) {
                assertOthersAreServed(way);
            }
            wordsOfCalls.forEach((call, words) -> {
                CompletionException end = assertThrows(CompletionException.class, call::join);
                LensException failure = assertInstanceOf(LensException.class, end.getCause());
                assertEquals(ErrorCode.UNAVAILABLE, failure.code(), failure.getMessage());
                assertTrue(String.valueOf(failure.getMessage()).contains(words), failure.getMessage());
            });
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aConnectionThatIsSilentForAWhileLosesNothing(Way way) throws Exception {
        Fault fault = new Fault(Direction.TO_CLIENT, way.answerBytes() / 2, Effect.STALL);
        try (FaultyProxy proxy = FaultyProxy.before(way.server().port(), fault);
                LensClient client = way.client(proxy.port()).build()) {
            CompletableFuture<LensResult> result = client.async().analyze(REQUEST);
            proxy.awaitStruck();
            assertOthersAreServed(way);
            assertFalse(result.isDone());
            proxy.resume();
            assertEquals(LAYERS, result.join().layers().size());
        }
    }

    /** A slow sender and a slow reader. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void bytesThatComeOneByOneMakeTheSameResult(Way way) throws IOException {
        LensResult whole = way.ask(way.server().port());
        try (FaultyProxy proxy = FaultyProxy.before(
                way.server().port(),
                new Fault(Direction.TO_SERVER, 0, Effect.CRAWL),
                new Fault(Direction.TO_CLIENT, 0, Effect.CRAWL))) {
            LensResult slow = way.ask(proxy.port());
            assertEquals(whole.tokens(), slow.tokens());
            assertEquals(whole.layers(), slow.layers());
            assertEquals(whole.topK(LAYERS - 1, 4), slow.topK(LAYERS - 1, 4));
        }
    }

    private static void assertBrokenOff(LensException failure) {
        assertEquals(ErrorCode.UNAVAILABLE, failure.code(), failure.getMessage());
        assertTrue(failure.isRetryable());
        assertTrue(String.valueOf(failure.getMessage()).contains("broke off"), failure.getMessage());
    }

    private static void assertOthersAreServed(Way way) {
        assertEquals(LAYERS, way.ask(way.server().port()).layers().size());
    }
}
