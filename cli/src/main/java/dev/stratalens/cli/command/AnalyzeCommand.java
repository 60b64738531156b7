package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ColorOptions;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.report.ResultReport;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.PromptSource;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code analyze}: the lens of one prompt. */
@Command(
        name = "analyze",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Shows how the prediction of a prompt forms, layer by layer.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --positions last --top-k 8",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --target \" Paris\" --target next",
            "  ${ROOT-COMMAND-NAME} analyze --model ~/models/gpt2 --layers ::2 \"Hello world\"",
            "  ${ROOT-COMMAND-NAME} analyze --model ~/models/chat --chat --system \"Be brief.\" \"Hello\"",
            "  ${ROOT-COMMAND-NAME} analyze --output lens.html \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} analyze --output lens.svg --color entropy \"The capital of France" + " is\"",
            "  ${ROOT-COMMAND-NAME} analyze --output lens.json - < prompt.txt",
            "  ${ROOT-COMMAND-NAME} analyze --server localhost:50061 --model gpt2 --format csv \"Hello\"",
            "",
            "Layers are block numbers from 0; --embedding adds what enters block 0. White space in tokens is",
            "shown: a space as ·, a line feed as ⏎, a tab as →. Piped input is read to the byte: a line feed at",
            "its end is part of the prompt."
        })
public final class AnalyzeCommand extends ConsoleCommand {

    @Mixin
    PromptSource source = new PromptSource();

    @ArgGroup(validate = false, heading = "%nWhat to show:%n")
    LensOptions lens = new LensOptions();

    @ArgGroup(validate = false, heading = ColorOptions.HEADING)
    ColorOptions color = new ColorOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = OutputFormat.DESCRIPTION)
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    public AnalyzeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        output.check(format, OutputFormat.OF_RESULTS, "lens", console);
        color.addTo(lens);
        source.read(lens, console, installation, this::write);
        return ExitCode.OK.number();
    }

    private void write(LensResult result) throws IOException {
        output.write(ResultReport.of(result, view -> output.figure.strided(color.heatMap(view))), console);
        boolean firstLook = lens.isDefault() && color.isDefault() && !output.isFile();
        if (output.format() == OutputFormat.TABLE && console.terminal().output() && !source.prompt.quiet && firstLook) {
            new NextSteps(installation.command(), result).print(console);
        }
    }
}
