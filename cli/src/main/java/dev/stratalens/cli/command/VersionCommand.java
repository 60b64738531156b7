package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code version}: one line. */
@Command(
        name = "version",
        description = "Prints the version of the program and of Java.",
        footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} version"})
public final class VersionCommand extends ConsoleCommand {

    public VersionCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() {
        console.out()
                .printf(
                        "stratalens %s (Java %s, %s %s)%n",
                        Installation.version(),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
        return ExitCode.OK.number();
    }
}
