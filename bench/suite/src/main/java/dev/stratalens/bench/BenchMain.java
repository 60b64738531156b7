package dev.stratalens.bench;

import dev.stratalens.cli.CliMain;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.StandardStreams;
import java.util.Locale;
import picocli.CommandLine;

/** Entry of the benchmark, which {@code bench/run} starts. */
public final class BenchMain {

    private BenchMain() {}

    /** Measures, and ends the process with the exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // as CliMain does
        Console console = StandardStreams.console();
        int exitCode = execute(console, Installation.detect(System.getProperties(), System.getenv()), arguments);
        System.exit(CliMain.ending(console, exitCode));
    }

    static int execute(Console console, Installation installation, String... arguments) {
        CommandLine line = new CommandLine(new BenchCommand(console, installation));
        CliMain.configured(line, console, installation.environment());
        return line.setCommandName("bench/run").execute(arguments);
    }
}
