package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.option.ServerTarget;
import dev.stratalens.cli.option.StandardOptions;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models unload}: has a server free the memory of models. */
@Command(
        name = "unload",
        sortOptions = false,
        description = {
            "Has a server free the memory of models, once the requests that hold them have been answered. The server"
                    + " goes",
            "on to know them: the next request loads its model again."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models unload demo --server localhost:50061",
            "  ${ROOT-COMMAND-NAME} models unload large --server localhost:50061 --wait 600"
        })
public final class ModelsUnloadCommand extends StandardOptions implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description = "Names as served; `models list --server` shows them.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long requests may go on to hold a model; after that it stays (default: 30).")
    int waitSeconds;

    @Mixin
    ServerTarget target = new ServerTarget();

    private final Console console;
    private final Installation installation;

    public ModelsUnloadCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() {
        PrintWriter out = console.writer();
        for (String name : names) {
            long freed;
            try (ProgressLine line = console.progress(false);
                    Connection connection = target.open(installation, line)) {
                line.show("waiting until %s is free".formatted(name));
                freed = connection.client().unloadModel(name, Duration.ofSeconds(waitSeconds));
            }
            String outcome = freed == 0
                    ? "%s was not loaded.".formatted(name)
                    : "%s is unloaded: %s of memory are free again.".formatted(name, ByteSize.text(freed));
            out.println(outcome);
            out.flush();
        }
        return ExitCode.OK.number();
    }
}
