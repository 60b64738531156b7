package dev.stratalens.cli.models;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
public final class ModelsUnloadCommand extends ManagingCommand {

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How many seconds to wait for requests that use a model; after that it stays loaded (default: 30).")
    int waitSeconds;

    public ModelsUnloadCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    String manage(String name, LensClient client, ProgressLine line) {
        line.show("waiting until %s is free".formatted(name));
        long freed = client.unloadModel(name, Duration.ofSeconds(waitSeconds));
        return freed == 0
                ? "%s was not loaded.".formatted(name)
                : "%s is unloaded: %s of memory are free again.".formatted(name, ByteSize.text(freed));
    }
}
