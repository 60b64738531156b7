package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.Console;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}: a script for the shell. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(${ROOT-COMMAND-NAME} completion)",
            "  ${ROOT-COMMAND-NAME} completion > ~/.local/share/bash-completion/completions/stratalens"
        })
public final class CompletionCommand extends ConsoleCommand {

    @Spec
    @Nullable
    CommandSpec spec;

    public CompletionCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("run through picocli");
        }
        console.out().print(AutoComplete.bash("stratalens", spec.root().commandLine()));
        return ExitCode.OK.number();
    }
}
