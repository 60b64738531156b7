package dev.stratalens.cli;

import dev.stratalens.cli.command.AnalyzeCommand;
import dev.stratalens.cli.command.AttributeCommand;
import dev.stratalens.cli.command.BatchCommand;
import dev.stratalens.cli.command.CompareCommand;
import dev.stratalens.cli.command.CompletionCommand;
import dev.stratalens.cli.command.CrystallizeCommand;
import dev.stratalens.cli.command.DoctorCommand;
import dev.stratalens.cli.command.EntropyCommand;
import dev.stratalens.cli.command.ExploreCommand;
import dev.stratalens.cli.command.ExportProgramsCommand;
import dev.stratalens.cli.command.KlCommand;
import dev.stratalens.cli.command.LogitsCommand;
import dev.stratalens.cli.command.PromptsCommand;
import dev.stratalens.cli.command.RanksCommand;
import dev.stratalens.cli.command.SavedView;
import dev.stratalens.cli.command.ServeCommand;
import dev.stratalens.cli.command.SetupCudaCommand;
import dev.stratalens.cli.command.ShowCommand;
import dev.stratalens.cli.command.TokenizeCommand;
import dev.stratalens.cli.command.TrajectoryCommand;
import dev.stratalens.cli.command.VersionCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.evaluation.EvalCommand;
import dev.stratalens.cli.evaluation.EvalCorpusCommand;
import dev.stratalens.cli.evaluation.EvalQuestionsCommand;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.intervention.GenerateCommand;
import dev.stratalens.cli.intervention.PatchCommand;
import dev.stratalens.cli.intervention.SteerCommand;
import dev.stratalens.cli.intervention.SweepCommand;
import dev.stratalens.cli.keys.KeysAddCommand;
import dev.stratalens.cli.keys.KeysCommand;
import dev.stratalens.cli.keys.KeysRevokeCommand;
import dev.stratalens.cli.keys.KeysRotateCommand;
import dev.stratalens.cli.lenses.LensCommand;
import dev.stratalens.cli.lenses.LensConvertCommand;
import dev.stratalens.cli.lenses.LensFitCommand;
import dev.stratalens.cli.lenses.LensInspectCommand;
import dev.stratalens.cli.lenses.LensListCommand;
import dev.stratalens.cli.lenses.LensMergeCommand;
import dev.stratalens.cli.lenses.LensPullCommand;
import dev.stratalens.cli.lenses.LensVerifyCommand;
import dev.stratalens.cli.log.Logging;
import dev.stratalens.cli.models.ModelsCommand;
import dev.stratalens.cli.models.ModelsInspectCommand;
import dev.stratalens.cli.models.ModelsLoadCommand;
import dev.stratalens.cli.models.ModelsPullCommand;
import dev.stratalens.cli.models.ModelsRemoveCommand;
import dev.stratalens.cli.models.ModelsUnloadCommand;
import dev.stratalens.cli.models.ModelsVerifyCommand;
import dev.stratalens.cli.summary.SummarizeCommand;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.StandardOutput;
import dev.stratalens.cli.terminal.StandardStreams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Entry of the program. */
public final class CliMain {

    private static final int WIDEST_HELP = 110;

    private static final Map<String, BiFunction<Console, Installation, Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("analyze", AnalyzeCommand::new);
        COMMANDS.put("generate", GenerateCommand::new);
        COMMANDS.put("ranks", RanksCommand::new);
        COMMANDS.put("kl", KlCommand::new);
        COMMANDS.put("entropy", EntropyCommand::new);
        COMMANDS.put("logits", LogitsCommand::new);
        COMMANDS.put("trajectory", TrajectoryCommand::new);
        COMMANDS.put("crystallize", CrystallizeCommand::new);
        COMMANDS.put("attribute", AttributeCommand::new);
        COMMANDS.put("compare", CompareCommand::new);
        COMMANDS.put("patch", PatchCommand::new);
        COMMANDS.put("steer", SteerCommand::new);
        COMMANDS.put("sweep", SweepCommand::new);
        COMMANDS.put("prompts", PromptsCommand::new);
        COMMANDS.put("show", ShowCommand::new);
        COMMANDS.put("batch", BatchCommand::new);
        COMMANDS.put("summarize", SummarizeCommand::new);
        COMMANDS.put("eval", CliMain::eval);
        COMMANDS.put("explore", ExploreCommand::new);
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("models", CliMain::models);
        COMMANDS.put("lens", CliMain::lens);
        COMMANDS.put("keys", CliMain::keys);
        COMMANDS.put("tokenize", TokenizeCommand::new);
        COMMANDS.put("doctor", DoctorCommand::new);
        COMMANDS.put("setup-cuda", SetupCudaCommand::new);
        COMMANDS.put("export-programs", ExportProgramsCommand::new);
        COMMANDS.put("version", VersionCommand::new);
        COMMANDS.put("completion", CompletionCommand::new);
    }

    private CliMain() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // What is printed and sent is read by programs, and in English: digits and signs of the user's language do not
        // belong in it.
        Locale.setDefault(Locale.ROOT);
        Console console = StandardStreams.console();
        Logging.configure(Logging.isDetailed(arguments));
        int exitCode = execute(console, Installation.detect(System.getProperties(), System.getenv()), arguments);
        System.exit(ending(console, exitCode));
    }

    /**
     * The exit code of a process whose command ended with one. Output that did not reach its reader is a failure: a full disk is
     * reported, and a reader that wanted no more, such as {@code head}, ends the process in silence.
     */
    public static int ending(Console console, int exitCode) {
        if (!console.out().checkError() || exitCode != ExitCode.OK.number()) {
            return exitCode;
        }
        Optional<StandardOutput> output =
                console.out() instanceof StandardOutput kept ? Optional.of(kept) : Optional.empty();
        if (output.filter(StandardOutput::readerIsGone).isPresent()) {
            return ExitCode.READER_GONE.number();
        }
        console.err()
                .printf(
                        "stratalens: standard output cannot be written (%s). What was written is not complete.%n",
                        output.flatMap(StandardOutput::failure)
                                .map(Throwable::getMessage)
                                .orElse("no reason given"));
        return ExitCode.INTERNAL.number();
    }

    /** Runs a command. Looking at the options of all of them takes a good part of a start, so that only one is set up. */
    static int execute(Console console, Installation installation, String... arguments) {
        Optional<SavedView> view = SavedView.asked(List.of(arguments));
        if (view.isPresent()) {
            Object command = commandOf(view.get(), console, installation);
            CommandLine line = new CommandLine(new StratalensCommand(console))
                    .addSubcommand("show", view.get().over(command));
            return run(line, console, installation, SavedView.without(List.of(arguments)));
        }
        boolean one = arguments.length > 0 && COMMANDS.containsKey(arguments[0]) && !arguments[0].equals("completion");
        List<String> names = one ? List.of(arguments[0]) : List.copyOf(COMMANDS.keySet());
        return run(line(names, console, installation), console, installation, arguments);
    }

    /** All commands. */
    static CommandLine line(Console console, Installation installation) {
        return line(List.copyOf(COMMANDS.keySet()), console, installation);
    }

    private static CommandLine line(List<String> names, Console console, Installation installation) {
        CommandLine line = new CommandLine(new StratalensCommand(console));
        COMMANDS.forEach((name, command) -> {
            if (names.contains(name)) {
                line.addSubcommand(name, command.apply(console, installation));
            }
        });
        return line;
    }

    private static int run(CommandLine line, Console console, Installation installation, String... arguments) {
        return configured(line, console, installation.environment())
                .setCommandName(installation.command())
                .execute(arguments);
    }

    private static Object commandOf(SavedView view, Console console, Installation installation) {
        return Objects.requireNonNull(COMMANDS.get(view.toString()), view::toString)
                .apply(console, installation);
    }

    /** The listing, which is also the default, and the commands that manage models. */
    private static CommandLine models(Console console, Installation installation) {
        return new CommandLine(new ModelsCommand(console, installation))
                .addSubcommand(
                        "list",
                        described(
                                new ModelsCommand(console, installation),
                                "Shows the models of a server and what of them is in its memory, or the facts of a"
                                        + " checkpoint directory; without either, the demo model and what is in the Hugging"
                                        + " Face cache."))
                .addSubcommand(new ModelsPullCommand(console, installation))
                .addSubcommand(new ModelsInspectCommand(console, installation))
                .addSubcommand(new ModelsVerifyCommand(console, installation))
                .addSubcommand(new ModelsRemoveCommand(console, installation))
                .addSubcommand(new ModelsLoadCommand(console, installation))
                .addSubcommand(new ModelsUnloadCommand(console, installation));
    }

    /** The commands that measure lenses. */
    private static CommandLine eval(Console console, Installation installation) {
        return new CommandLine(new EvalCommand(console, installation))
                .addSubcommand(new EvalCorpusCommand(console, installation))
                .addSubcommand(new EvalQuestionsCommand(console, installation));
    }

    /** The commands for files of fitted lenses. */
    private static CommandLine lens(Console console, Installation installation) {
        return new CommandLine(new LensCommand(console, installation))
                .addSubcommand(new LensListCommand(console, installation))
                .addSubcommand(new LensPullCommand(console, installation))
                .addSubcommand(new LensVerifyCommand(console, installation))
                .addSubcommand(new LensInspectCommand(console, installation))
                .addSubcommand(new LensConvertCommand(console, installation))
                .addSubcommand(new LensFitCommand(console, installation))
                .addSubcommand(new LensMergeCommand(console, installation));
    }

    /** The listing, which is also the default, and the commands that change keys. */
    private static CommandLine keys(Console console, Installation installation) {
        return new CommandLine(new KeysCommand(console, installation))
                .addSubcommand(
                        "list",
                        described(
                                new KeysCommand(console, installation),
                                "Shows the keys of a file, without the secrets."))
                .addSubcommand(new KeysAddCommand(console, installation))
                .addSubcommand(new KeysRotateCommand(console, installation))
                .addSubcommand(new KeysRevokeCommand(console, installation));
    }

    /** The listing of a group of commands, which does more than that by its name. */
    private static CommandLine described(Object command, String description) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    /** A command line whose values, help and failures look as everywhere in this program. */
    public static CommandLine configured(CommandLine line, Console console, Map<String, String> environment) {
        FailureReport failures = new FailureReport(console.err(), environment);
        line.getCommandSpec().versionProvider(() -> new String[] {"stratalens " + Installation.version()});
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        Choice.register(line);
        HelpLayout.apply(line);
        return line.setOut(console.writer())
                .setErr(console.errorWriter())
                .setUsageHelpWidth(Math.min(Math.max(console.terminal().columns(), 80), WIDEST_HELP))
                .setColorScheme(Help.defaultColorScheme(
                        console.terminal().colors().compareTo(ColorDepth.SHADES) > 0 ? Help.Ansi.ON : Help.Ansi.OFF))
                .setExecutionStrategy(new OnceOnly())
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
