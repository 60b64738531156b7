package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.option.ServerTarget;
import dev.stratalens.cli.option.StandardOptions;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.ServedModel;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code models load}: has a server load models. */
@Command(
        name = "load",
        sortOptions = false,
        description = {
            "Has a server load models that its configuration names, and waits until they are loaded. Models that"
                    + " nobody",
            "uses make room where the server's memory budget asks for it. No request needs this: each loads its model."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models load demo --server localhost:50061",
            "  ${ROOT-COMMAND-NAME} models load small large --server lens.example:50061 --tls-ca ca.pem"
        })
public final class ModelsLoadCommand extends StandardOptions implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            arity = "1..*",
            description = "Names as served; `models list --server` shows them.")
    List<String> names = new ArrayList<>();

    @Mixin
    ServerTarget target = new ServerTarget();

    private final Console console;
    private final Installation installation;

    public ModelsLoadCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() {
        PrintWriter out = console.writer();
        for (String name : names) {
            ServedModel model;
            try (ProgressLine line = console.progress(false);
                    Connection connection = target.open(installation, line)) {
                line.show("asking for " + name);
                model = connection.client().loadModel(name, progress -> ServerProgress.show(progress, "", line));
            }
            out.printf("%s is loaded: %s of memory.%n", model.name(), ByteSize.text(model.memoryBytes()));
            out.flush();
        }
        return ExitCode.OK.number();
    }
}
