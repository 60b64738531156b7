package dev.stratalens.cli.lenses;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code lens}: files of fitted lenses. */
@Command(
        name = "lens",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Fits, lists, downloads, checks and converts fitted lenses: tuned lenses and Jacobian lenses. Analyses read",
            "through one with --lens."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens list",
            "  ${ROOT-COMMAND-NAME} lens pull jacobian/gpt2-small",
            "  ${ROOT-COMMAND-NAME} lens inspect gpt2_jacobian_lens.pt",
            "  ${ROOT-COMMAND-NAME} lens convert tuned/gpt2 --output gpt2-tuned.safetensors"
        })
public final class LensCommand extends ConsoleCommand {

    public LensCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() {
        throw CliException.usage("lens needs a command: list, pull, verify, inspect, convert, fit or merge.");
    }
}
