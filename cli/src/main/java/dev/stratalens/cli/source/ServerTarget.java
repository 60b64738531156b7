package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.ProgressLine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The server whose models a command manages. */
public final class ServerTarget {

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            required = true,
            description = "The server. TLS, but plaintext for loopback.")
    String server = "";

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "Trust the certificates of this PEM file.")
    @Nullable
    Path tlsCa;

    @Option(names = "--plaintext", description = "Talk to the server without TLS.")
    boolean plaintext;

    /** Opens the way to the server; the caller closes it. */
    public Connection open(Installation installation, ProgressLine progress) {
        ModelOptions options = new ModelOptions();
        options.server = server;
        options.tlsCa = tlsCa;
        options.plaintext = plaintext;
        return options.open(installation, progress);
    }
}
