package dev.stratalens.integration;

import dev.stratalens.client.LensClient;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.LensServerBuilder;
import dev.stratalens.server.TransportSecurity;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.ModelManagement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server of the embedded model on a free port of loopback. */
public final class DemoServer implements AutoCloseable {

    static final Path MODEL = Path.of("../models/demo");

    private static final CheckpointLoader.Options OPTIONS =
            new CheckpointLoader.Options(Precision.FLOAT32, 64 << 20, 2);

    private final List<LensEngine> engines = new CopyOnWriteArrayList<>();
    private final LensServer server;

    private DemoServer(UnaryOperator<LensServerBuilder> settings) {
        var loader = new CheckpointLoader(Map.of("demo", MODEL), OPTIONS);
        server = settings.apply(LensServer.builder(List.of("demo"), (name, listener) -> {
                            LensEngine engine = loader.load(name, listener);
                            engines.add(engine);
                            return engine;
                        })
                        .management(ModelManagement.ALLOWED)
                        .listen(0))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DemoServer plaintext() {
        return new DemoServer(settings -> settings);
    }

    /** Asks callers who they are. */
    public static DemoServer with(AccessConfig access) {
        return new DemoServer(settings -> settings.access(access));
    }

    /** Speaks TLS. */
    static DemoServer with(SelfSignedCertificate own) {
        return new DemoServer(settings -> settings.listen(
                "localhost", 0, new TransportSecurity.Tls(own.certificate(), own.key(), Optional.empty())));
    }

    public int port() {
        return server.port().orElseThrow();
    }

    public LensClient client() {
        return LensClient.builder("localhost:" + port()).usePlaintext().build();
    }

    /** Sends a key. */
    public LensClient client(String key) {
        return LensClient.builder("localhost:" + port())
                .usePlaintext()
                .bearerToken(() -> key)
                .build();
    }

    /** Tensors of all models that this server loaded. */
    public int openTensors() {
        return engines.stream().mapToInt(LensEngine::openTensors).sum();
    }

    @Override
    public void close() {
        server.stop();
    }
}
