package dev.stratalens.server;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.OperatorConfig;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server of a fake model over TCP, with an admin port, as an operator and a caller see it. */
final class OperatedServer implements AutoCloseable {

    static final OperatorConfig.Admin ANY_PORT = new OperatorConfig.Admin("127.0.0.1", 0);

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeLensEngine engine = FakeLensEngine.named("fake");
    private final LensServer server;
    private final ManagedChannel channel;

    private OperatedServer(UnaryOperator<LensServer.Builder> settings) throws IOException {
        server = settings.apply(LensServer.builder(List.of("fake"), (model, listener) -> engine)
                        .listen(0))
                .build();
        server.start();
        channel = NettyChannelBuilder.forAddress("localhost", server.port().orElseThrow())
                .usePlaintext()
                .build();
    }

    static OperatedServer start(OperatorConfig config) throws IOException {
        return new OperatedServer(settings -> settings.operator(config));
    }

    static OperatedServer withAdminPort() throws IOException {
        return start(new OperatorConfig(
                LogFormat.TEXT, Optional.of(ANY_PORT), Optional.empty(), Duration.ZERO, Optional.empty()));
    }

    LensServer server() {
        return server;
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
