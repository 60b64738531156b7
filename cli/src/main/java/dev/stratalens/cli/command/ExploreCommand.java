package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.explore.Explorer;
import dev.stratalens.cli.explore.Opening;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.Browser;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explore}: the lens in a browser, until it is stopped. */
@Command(
        name = "explore",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Opens a page in the browser: type a prompt, see its layers as they come.",
            "Runs can be compared and saved there, and are kept in a folder of result files. Only this machine can open"
                    + " the page; Ctrl-C ends it."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} explore",
            "  ${ROOT-COMMAND-NAME} explore \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} explore --model ~/models/gpt2 --also ~/models/pythia-70m",
            "  ${ROOT-COMMAND-NAME} explore --server localhost:50061 --port 8080",
            "  ${ROOT-COMMAND-NAME} explore --server localhost:50061 --port 8080 --login --no-open",
            "",
            "The page is answered on loopback only, and only under the address that is printed, which holds a",
            "secret. From another machine: ssh -L 8080:localhost:8080 HOST, and open the address printed there."
        })
public final class ExploreCommand extends ConsoleCommand {

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "Run this at once. `-`: read standard input.")
    @Nullable
    String prompt;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--also",
            paramLabel = "MODEL",
            description =
                    "Another model to choose from and compare with, written as --model. May be given several times.")
    List<String> others = new ArrayList<>();

    @Option(names = "--port", paramLabel = "N", description = "Port of loopback (default: one that is free).")
    int port;

    @Option(
            names = "--login",
            description = "For several people: each logs in with an API key of the server. Needs --server.")
    boolean login;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            description = {"Folder of the runs, a result file each. Default:", "~/.local/share/stratalens/history."})
    @Nullable
    Path history;

    @Option(names = "--no-history", description = "Keep no files: runs are forgotten with the page. So with --login.")
    boolean noHistory;

    @Option(names = "--no-open", description = "Only print the address; open no browser.")
    boolean noOpen;

    public ExploreCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65535) {
            throw CliException.usage("--port: %d is out of range; 0 (any that is free) to 65535.".formatted(port));
        }
        Optional<String> text =
                prompt == null ? Optional.empty() : Optional.of(PromptInput.read(prompt, console.in(), false));
        if (login && model.server == null) {
            throw CliException.usage("--login goes with --server HOST:PORT, which knows the keys.");
        }
        if (history != null && (noHistory || login)) {
            throw CliException.usage("--history %s and %s exclude each other; give one of the two."
                    .formatted(history, login ? "--login" : "--no-history"));
        }
        Connection connection = open();
        Explorer explorer = start(connection, new Opening(connection.model(), text));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(explorer, connection), "stratalens-stop"));
        announce(explorer);
        new CountDownLatch(1).await();
        return ExitCode.OK.number();
    }

    private Connection open() {
        try (ProgressLine progress = console.progress(false)) {
            progress.show("starting");
            return model.open(others, installation, progress);
        }
    }

    private Explorer start(Connection connection, Opening opening) {
        try {
            return login
                    ? Explorer.withLogin(model::clientWith, opening, port)
                    : Explorer.start(connection.client(), opening, folder(), port);
        } catch (IOException e) {
            connection.close();
            throw new CliException(
                    ExitCode.INTERNAL,
                    "cannot listen on 127.0.0.1:%d (%s). Choose another --port, or none."
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    private Optional<Path> folder() {
        if (noHistory) {
            return Optional.empty();
        }
        if (history != null) {
            return Optional.of(history);
        }
        Map<String, String> environment = installation.environment();
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
        return Optional.of(base.resolve("stratalens").resolve("history"));
    }

    private void announce(Explorer explorer) {
        console.out().printf("Explore at %s (Ctrl-C ends it)%n", explorer.address());
        console.out().flush();
        if (!noOpen) {
            Browser.open(explorer.ticket(), installation.environment());
        }
    }

    /** A page that was stopped in order has not failed, though the JVM would end with the signal's number. */
    private static void stop(Explorer explorer, Connection connection) {
        explorer.close();
        connection.close();
        Runtime.getRuntime().halt(ExitCode.OK.number());
    }
}
