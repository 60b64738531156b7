package dev.stratalens.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator sees of the server, and how clients are spread.
 *
 * @param admin where metrics and probes are served; empty for nowhere
 * @param otlp where metrics and traces are sent, by OTLP over HTTP; empty for nowhere
 * @param maxConnectionAge after which a client connects anew; zero for never
 */
public record OperatorConfig(
        LogFormat logFormat,
        Optional<Admin> admin,
        Optional<URI> otlp,
        Duration maxConnectionAge,
        Optional<Audit> audit) {

    /** A log of text, and nothing else. */
    public static final OperatorConfig NONE =
            new OperatorConfig(LogFormat.TEXT, Optional.empty(), Optional.empty(), Duration.ZERO, Optional.empty());

    /**
     * Where an operator asks.
     *
     * @param port 0 for any that is free
     */
    public record Admin(String host, int port) {}

    /**
     * The audit log.
     *
     * @param prompts whether it holds the prompts
     * @param maxBytes of a file, before the next one is begun
     * @param files that are kept, the current one included
     */
    public record Audit(Path file, boolean prompts, long maxBytes, int files) {}
}
