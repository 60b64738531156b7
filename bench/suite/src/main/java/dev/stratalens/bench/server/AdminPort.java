package dev.stratalens.bench.server;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The operator's port of a server on loopback. */
public final class AdminPort {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI metrics;

    AdminPort(int port) {
        metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
    }

    /** The metrics now, as Prometheus reads them. */
    public String metrics() throws IOException {
        try {
            return http.send(
                            HttpRequest.newBuilder(metrics).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while metrics were read", e);
        }
    }
}
