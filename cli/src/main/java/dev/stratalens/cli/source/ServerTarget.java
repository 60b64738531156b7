package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.ProgressLine;
import picocli.CommandLine.Option;

/** The server whose models a command manages. */
public final class ServerTarget extends ServerConnection {

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            required = true,
            description = "The server. TLS, but plaintext for loopback.")
    String server = "";

    /** Opens the way to the server; the caller closes it. */
    public Connection open(Installation installation, ProgressLine progress) {
        ModelOptions options = new ModelOptions();
        options.server = server;
        copyTo(options);
        return options.open(installation, progress);
    }
}
