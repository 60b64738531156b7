package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a collector gets by OTLP. Names and ids stand in its messages as they are, whatever is around them. */
@Timeout(60)
final class TelemetryTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final Map<String, String> received = new ConcurrentHashMap<>();
    private final LoggedLines log = LoggedLines.collect();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
                received.merge(exchange.getRequestURI().getPath(), body, String::concat);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
        log.close();
    }

    private OperatedServer start() throws Exception {
        return start(collector.getAddress().getPort());
    }

    private static OperatedServer start(int port) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + port);
        return OperatedServer.start(new OperatorConfig(
                LogFormat.TEXT, Optional.empty(), Optional.of(address), Duration.ZERO, Optional.empty()));
    }

    @Test
    void aCallersTraceGoesThroughQueueForwardHeadAndStream() throws Exception {
        try (OperatedServer server = start()) {
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                    "00-" + TRACE + "-" + SPAN + "-01");
            LensServiceGrpc.newBlockingStub(server.channel())
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .analyze(AnalyzeRequest.newBuilder()
                            .setPrompt(Prompts.text("x y"))
                            .build())
                    .forEachRemaining(response -> {});
            log.await(line -> line.contains("trace_id=" + TRACE));
        }

        String spans = received.getOrDefault("/v1/traces", "");
        for (String part : List.of(
                bytes(TRACE), bytes(SPAN), "stratalens.v1.LensService/Analyze", "queue", "forward", "head", "stream")) {
            assertTrue(spans.contains(part), () -> part + " in " + spans);
        }
        String metrics = received.getOrDefault("/v1/metrics", "");
        assertTrue(metrics.contains("stratalens.requests") && metrics.contains("grpc.server.call.duration"), metrics);
    }

    @Test
    void aTraceThatBeginsHereIsInTheLog() throws Exception {
        String line;
        try (OperatedServer server = start()) {
            server.analyze("x");
            line = log.await(text -> text.startsWith("Analyze OK"));
        }

        String trace = line.replaceFirst(".* trace_id=([0-9a-f]{32}) .*", "$1");
        assertTrue(received.getOrDefault("/v1/traces", "").contains(bytes(trace)), line);
    }

    @Test
    void aServerThatStopsDoesNotWaitForACollectorThatIsDead() throws Exception {
        // Takes connections and answers none.
        try (var dead = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                OperatedServer server = start(dead.getLocalPort())) {
            server.analyze("x");
            log.await(text -> text.startsWith("Analyze OK"));
            assertTrue(server.channel().shutdownNow().awaitTermination(20, TimeUnit.SECONDS));

            long begin = System.nanoTime();
            server.server().stop();

            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(taken.toSeconds() < 6, taken::toString);
        }
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
