package dev.stratalens.integration;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.LensServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** One of several servers of a model: a real one, but for the numbers, behind a line that can fail. */
final class Replica implements AutoCloseable {

    private final FakeLensEngine engine = FakeLensEngine.named("fake");
    private final LensServer server = LensServer.builder(List.of("fake"), (model, listener) -> engine)
            .listen(0)
            .build();
    private FailingLine line;

    Replica() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line = new FailingLine(server.port().orElseThrow());
    }

    FakeLensEngine engine() {
        return engine;
    }

    FailingLine line() {
        return line;
    }

    /** Another way to it, at an address of loopback. */
    FailingLine lineAt(String address, int port) {
        return new FailingLine(address, port, server.port().orElseThrow());
    }

    /** As when its process is started again where it was. */
    void comeBack() {
        line = lineAt("127.0.0.1", line.port());
    }

    String address() {
        return "127.0.0.1:" + line.port();
    }

    /** Prompts that it computed, or began to. */
    int prompts() {
        return engine.passes().stream().mapToInt(List::size).sum();
    }

    /** Refuses new calls, and returns when those that it has are answered. */
    void drain() {
        server.stopWithin(Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        line.close();
        server.stop();
    }
}
