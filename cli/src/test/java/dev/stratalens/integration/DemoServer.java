package dev.stratalens.integration;

import dev.stratalens.client.LensClient;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.ModelManagement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server of the embedded model on a free port of loopback. */
final class DemoServer implements AutoCloseable {

    static final Path MODEL = Path.of("../models/demo");

    private final LensServer server;

    private DemoServer(LensServer server) {
        this.server = server;
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DemoServer plaintext() {
        var options = new CheckpointLoader.Options(Precision.FLOAT32, 64 << 20, 2);
        return new DemoServer(LensServer.builder(List.of("demo"), new CheckpointLoader(Map.of("demo", MODEL), options))
                .management(ModelManagement.ALLOWED)
                .listen(0)
                .build());
    }

    int port() {
        return server.port().orElseThrow();
    }

    LensClient client() {
        return LensClient.builder("localhost:" + port()).usePlaintext().build();
    }

    @Override
    public void close() {
        server.stop();
    }
}
