package dev.stratalens.cli.models;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ServedModel;
import picocli.CommandLine.Command;

/** {@code models load}: has a server load models. */
@Command(
        name = "load",
        sortOptions = false,
        description = {
            "Has a server load models that its configuration names, and waits until they are loaded. Unused models",
            "make room if the server's memory budget requires it. No request needs this: each loads its model."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} models load demo --server localhost:50061",
            "  ${ROOT-COMMAND-NAME} models load small large --server lens.example:50061 --tls-ca ca.pem"
        })
public final class ModelsLoadCommand extends ManagingCommand {

    public ModelsLoadCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    String manage(String name, LensClient client, ProgressLine line) {
        line.show("asking for " + name);
        ServedModel model = client.loadModel(name, progress -> ServerProgress.show(progress, "", line));
        return "%s is loaded: %s of memory.".formatted(model.name(), ByteSize.text(model.memoryBytes()));
    }
}
