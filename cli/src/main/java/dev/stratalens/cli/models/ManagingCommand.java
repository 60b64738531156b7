package dev.stratalens.cli.models;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.source.ServerTarget;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Does something to models of a server, one after the other. */
abstract class ManagingCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description = "Names as served; `models list --server` shows them.")
    List<String> names = new ArrayList<>();

    @Mixin
    ServerTarget target = new ServerTarget();

    ManagingCommand(Console console, Installation installation) {
        super(console, installation);
    }

    /** Manages one model, and prints the outcome. */
    abstract String manage(String name, LensClient client, ProgressLine line);

    @Override
    public final Integer call() {
        PrintWriter out = console.writer();
        for (String name : names) {
            String outcome;
            try (ProgressLine line = console.progress(false);
                    Connection connection = target.open(installation, line)) {
                outcome = manage(name, connection.client(), line);
            }
            out.println(outcome);
            out.flush();
        }
        return ExitCode.OK.number();
    }
}
