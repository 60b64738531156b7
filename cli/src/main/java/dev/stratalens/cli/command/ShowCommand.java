package dev.stratalens.cli.command;

import dev.stratalens.cli.batch.ResultLookup;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.option.ColorOptions;
import dev.stratalens.cli.option.FigureOptions;
import dev.stratalens.cli.option.OutputFormat;
import dev.stratalens.cli.option.StandardOptions;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.output.ResultWriter;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code show}: a saved result, in any format. */
@Command(
        name = "show",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Shows a saved result, in any format that analyze has. Needs neither a model nor a server.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --format json --output lens.json",
            "  ${ROOT-COMMAND-NAME} show lens.json",
            "  ${ROOT-COMMAND-NAME} show lens.json --color kl --stride 2",
            "  ${ROOT-COMMAND-NAME} show lens.json --format svg --width 85mm --font-size 7pt --output lens.svg",
            "  ${ROOT-COMMAND-NAME} show lens.json --format png --theme dark --output lens.png",
            "  ${ROOT-COMMAND-NAME} show results.jsonl --id france --format markdown",
            "  gzip -dc lens.json.gz | ${ROOT-COMMAND-NAME} show -"
        })
public final class ShowCommand extends StandardOptions implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            description = "What `analyze --format json` or `--format v2`, `batch` or logitlenskit wrote. `-`: standard"
                    + " input.")
    String file = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Which result of a batch; needless where there is but one.")
    @Nullable
    String id;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table", description = OutputFormat.DESCRIPTION)
    OutputFormat format = OutputFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @ArgGroup(validate = false, heading = ColorOptions.HEADING)
    ColorOptions color = new ColorOptions();

    @ArgGroup(validate = false, heading = FigureOptions.HEADING)
    FigureOptions figure = new FigureOptions();

    private final Console console;

    public ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ResultWriter writer = new ResultWriter(console, format, color, figure);
        writer.check(output != null);
        Optional<OutputFile> target = Optional.ofNullable(output).map(OutputFile::new);
        LensResult result = ResultLookup.read(file, Optional.ofNullable(id), console.in());
        if (result.isPartial() && !OutputFormat.OF_PARTIAL_RESULTS.contains(format)) {
            throw CliException.usage(
                    "--format %s: %s is V2 JSON, which lacks ids, log-sum-exp and facts of the model. It can be shown as %s; drop it on the page of another result's --format html to see it there."
                            .formatted(
                                    format,
                                    file,
                                    OutputFormat.OF_PARTIAL_RESULTS.stream()
                                            .map(OutputFormat::toString)
                                            .collect(Collectors.joining(", "))));
        }
        writer.write(result, target);
        console.out().flush();
        return ExitCode.OK.number();
    }
}
