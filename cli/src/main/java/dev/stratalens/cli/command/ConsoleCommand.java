package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every command has: the terminal around it, the installation that it is part of, and two options. */
public abstract class ConsoleCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--verbose", description = "Show the stack trace of an error (STRATALENS_DEBUG=1 does, too).")
    boolean verbose;

    protected final Console console;
    protected final Installation installation;

    protected ConsoleCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }
}
