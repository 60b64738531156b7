package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A server of a fake model over TCP, with an admin port, as an operator and a caller see it. */
final class OperatedServer implements AutoCloseable {

    static final OperatorConfig ADMIN_PORT = withAdminPort(0);

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeLensEngine engine = FakeLensEngine.named("fake");
    private final LensServer server;
    private final ManagedChannel channel;

    private OperatedServer(UnaryOperator<LensServerBuilder> settings) throws IOException {
        server = settings.apply(LensServer.builder(List.of("fake"), (model, listener) -> engine)
                        .listen(0))
                .build();
        server.start();
        channel = NettyChannelBuilder.forAddress("localhost", server.port().orElseThrow())
                .usePlaintext()
                .build();
    }

    static OperatedServer with(UnaryOperator<LensServerBuilder> settings) throws IOException {
        return new OperatedServer(settings);
    }

    static OperatedServer start(OperatorConfig config) throws IOException {
        return with(settings -> settings.operator(config));
    }

    static OperatedServer withAdminPort() throws IOException {
        return start(ADMIN_PORT);
    }

    /** @param port 0 for any that is free */
    static OperatorConfig withAdminPort(int port) {
        return new OperatorConfig(
                LogFormat.TEXT,
                Optional.of(new OperatorConfig.Admin("127.0.0.1", port)),
                Optional.empty(),
                Duration.ZERO,
                Optional.empty());
    }

    LensServer server() {
        return server;
    }

    int port() {
        return server.port().orElseThrow();
    }

    FakeLensEngine engine() {
        return engine;
    }

    ManagedChannel channel() {
        return channel;
    }

    void analyze(String text) {
        LensServiceGrpc.newBlockingStub(channel)
                .analyze(AnalyzeRequest.newBuilder()
                        .setPrompt(Prompts.text(text))
                        .build())
                .forEachRemaining(response -> {});
    }

    /** Asks for something that is refused. */
    void beRefused() {
        Iterator<AnalyzeResponse> refused = LensServiceGrpc.newBlockingStub(channel)
                .analyze(AnalyzeRequest.newBuilder().setModel("none").build());
        assertThrows(StatusRuntimeException.class, refused::hasNext);
    }

    /** The metrics, once there are some of all these names: a call is counted after its last byte has left. */
    String awaitMetrics(String... names) throws Exception {
        String metrics;
        do {
            metrics = get("/metrics").body();
        } while (!Stream.of(names).map(name -> "\n" + name + "{").allMatch(metrics::contains));
        return metrics;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(admin(path)));
    }

    HttpResponse<String> post(String path) throws Exception {
        return send(HttpRequest.newBuilder(admin(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + path);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.stop();
    }
}
