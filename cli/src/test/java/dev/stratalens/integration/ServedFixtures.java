package dev.stratalens.integration;

import dev.stratalens.client.LensClient;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.hub.ModelLocation;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.server.models.ModelDevices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server over TCP of tiny checkpoints, in float32 on the processor.
 *
 * @param client of the server
 */
record ServedFixtures(LensServer server, LensClient client) implements AutoCloseable {

    private static final Path RESOURCES = Path.of("../server/engine/src/test/resources");

    /** Serves models of the test resources by their names. */
    static ServedFixtures of(String... models) {
        return of(List.of(models), Map.of());
    }

    /**
     * Serves a model with fitted lenses.
     *
     * @param lenses files by name
     */
    static ServedFixtures withLenses(String model, Map<String, String> lenses) {
        Map<String, ModelLocation> files = new LinkedHashMap<>();
        lenses.forEach((name, file) -> files.put(
                name, listener -> RESOURCES.resolve("lenses").resolve(model).resolve(file)));
        return of(List.of(model), Map.of(model, files));
    }

    private static ServedFixtures of(List<String> models, Map<String, Map<String, ModelLocation>> lenses) {
        Map<String, ModelLocation> locations = new LinkedHashMap<>();
        models.forEach(model ->
                locations.put(model, listener -> RESOURCES.resolve("parity").resolve(model)));
        LensServer server = LensServer.builder(
                        models,
                        new CheckpointLoader(
                                new CheckpointLoader.Options(Precision.FLOAT32, 1 << 20, 2),
                                locations,
                                lenses,
                                ModelDevices.PROCESSOR))
                .listen(0)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        LensClient client = LensClient.builder("localhost:" + server.port().orElseThrow())
                .usePlaintext()
                .build();
        return new ServedFixtures(server, client);
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
