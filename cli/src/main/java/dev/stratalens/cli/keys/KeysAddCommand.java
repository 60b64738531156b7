package dev.stratalens.cli.keys;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.access.Principal;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keys add}: makes a key and shows it once. */
@Command(
        name = "add",
        sortOptions = false,
        description = {
            "Makes a key and prints it, once: the file holds only a hash of it. Makes the file if it is missing."
        },
        footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} keys add --principal ann --file keys.json > ann.key"})
public final class KeysAddCommand extends ConsoleCommand {

    @Option(
            names = "--principal",
            paramLabel = "NAME",
            required = true,
            description = "Whose key it is; the access policy and the server's log use this name.")
    String principal = "";

    @Mixin
    ExpiryOption expiry = new ExpiryOption();

    @Mixin
    KeyFileOption file = new KeyFileOption();

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public KeysAddCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        if (!Principal.isName(principal)) {
            throw CliException.usage("--principal: give a name of up to 256 visible characters.");
        }
        Instant now = Instant.now();
        NewKey key = NewKey.of(principal, now, expiry.from(now));
        file.change(installation, keys -> keys.with(key.kept()));
        key.show(listing, file.path(installation), console);
        return ExitCode.OK.number();
    }
}
