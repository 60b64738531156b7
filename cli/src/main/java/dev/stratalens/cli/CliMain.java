package dev.stratalens.cli;

import dev.stratalens.cli.command.AnalyzeCommand;
import dev.stratalens.cli.command.Choice;
import dev.stratalens.cli.command.CompletionCommand;
import dev.stratalens.cli.command.DoctorCommand;
import dev.stratalens.cli.command.ModelsCommand;
import dev.stratalens.cli.command.ServeCommand;
import dev.stratalens.cli.command.TokenizeCommand;
import dev.stratalens.cli.command.VersionCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.StandardStreams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Entry of the program. */
public final class CliMain {

    private static final int WIDEST_HELP = 110;

    private CliMain() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Console console = StandardStreams.console();
        List<String> words = List.of(arguments);
        Logging.configure(words.contains("serve") || words.contains("--verbose"));
        int exitCode = commandLine(console, Installation.detect(System.getProperties()), System.getenv())
                .execute(arguments);
        console.out().flush();
        System.exit(exitCode);
    }

    /** The command with its subcommands. */
    static CommandLine commandLine(Console console, Installation installation, Map<String, String> environment) {
        CommandLine line = new CommandLine(new StratalensCommand(console))
                .addSubcommand(new AnalyzeCommand(console, installation))
                .addSubcommand(new ServeCommand(console, installation))
                .addSubcommand(new ModelsCommand(console, installation))
                .addSubcommand(new TokenizeCommand(console, installation))
                .addSubcommand(new DoctorCommand(console, installation))
                .addSubcommand(new VersionCommand(console))
                .addSubcommand(new CompletionCommand(console));
        FailureReport failures = new FailureReport(console.err(), environment);
        line.getCommandSpec().versionProvider(() -> new String[] {"stratalens " + Installation.version()});
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        Choice.register(line);
        return line.setOut(console.writer())
                .setErr(console.errorWriter())
                .setUsageHelpWidth(Math.min(Math.max(console.terminal().columns(), 80), WIDEST_HELP))
                .setColorScheme(Help.defaultColorScheme(
                        console.terminal().colors().compareTo(ColorDepth.SHADES) > 0 ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            codes.put(Integer.toString(code.number()), code.meaning());
        }
        return codes;
    }
}
