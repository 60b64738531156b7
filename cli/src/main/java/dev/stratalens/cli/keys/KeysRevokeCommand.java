package dev.stratalens.cli.keys;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.access.proof.ApiKey;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keys revoke}: takes a key out of the file. */
@Command(
        name = "revoke",
        sortOptions = false,
        description = "Takes a key out of the file. A running server refuses it within a second or two.",
        footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} keys revoke 0123456789abcdef --file keys.json"})
public final class KeysRevokeCommand extends ConsoleCommand {

    @Parameters(paramLabel = "ID", description = "Id of the key, as `keys list` shows it.")
    String id = "";

    @Mixin
    KeyFileOption file = new KeyFileOption();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public KeysRevokeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        ApiKey revoked = KeyFileOption.require(file.read(installation), id);
        file.change(installation, keys -> keys.without(id));
        listing.write(
                out -> out.printf("Revoked the key %s of %s.%n", revoked.id(), revoked.principal()),
                json -> {
                    json.beginObject();
                    NewKey.writeFacts(revoked, json);
                    json.endObject();
                },
                console);
        return ExitCode.OK.number();
    }
}
