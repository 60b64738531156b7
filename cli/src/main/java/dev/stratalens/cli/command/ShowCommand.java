package dev.stratalens.cli.command;

import dev.stratalens.cli.batch.ResultLookup;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.LensSyntax;
import dev.stratalens.cli.output.ColorOptions;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.report.ResultReport;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --output lens.json",
            "  ${ROOT-COMMAND-NAME} show lens.json",
            "  ${ROOT-COMMAND-NAME} show lens.json --color kl-from-final --stride 2",
            "  ${ROOT-COMMAND-NAME} show lens.json --view trajectory",
            "  ${ROOT-COMMAND-NAME} show lens.json --format svg --width 85mm --font-size 7pt --output lens.svg",
            "  ${ROOT-COMMAND-NAME} show lens.json --format png --theme dark --output lens.png",
            "  ${ROOT-COMMAND-NAME} show results.jsonl --id france --format markdown",
            "  gzip -dc lens.json.gz | ${ROOT-COMMAND-NAME} show -"
        })
public final class ShowCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "FILE",
            description = "What `analyze --format json` or `--format v2`, `batch` or logitlenskit wrote. `-`: standard"
                    + " input.")
    String file = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Which result of a batch; not needed where there is only one.")
    @Nullable
    String id;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            description =
                    "Show this lens alone: logit, raw, or the name of a fitted lens (default: all that the result has).")
    @Nullable
    String lens;

    /** CliMain runs the view's command, so one that comes this far does not exist, and is refused. */
    @Option(
            names = SavedView.OPTION,
            paramLabel = "VIEW",
            description =
                    "In place of the best tokens: ranks, kl, entropy, logits, trajectory or crystallize. Takes the"
                            + " options of the command of that name; --view VIEW --help lists them.")
    @Nullable
    SavedView view;

    @Option(names = "--format", paramLabel = "FORMAT", description = OutputFormat.DESCRIPTION)
    @Nullable
    OutputFormat format;

    @ArgGroup(validate = false, heading = ColorOptions.HEADING)
    ColorOptions color = new ColorOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private static LensResult through(String name, LensResult result) {
        Lens wanted = LensSyntax.parse(name);
        if (!result.lenses().contains(wanted)) {
            throw CliException.usage("--lens %s: this result has %s."
                    .formatted(name, result.lenses().stream().map(Lens::name).collect(Collectors.joining(", "))));
        }
        return result.through(wanted);
    }

    public ShowCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        output.check(format, OutputFormat.OF_RESULTS, "lens", console);
        LensResult result = ResultLookup.read(file, Optional.ofNullable(id), console.in());
        if (!LensJson.canHold(result) && !OutputFormat.OF_PARTIAL_RESULTS.contains(output.format())) {
            throw CliException.usage(
                    "--format %s: %s is V2 JSON, which lacks ids, log-sum-exp and facts of the model. It can be shown as %s; drop it on the page of another result's --format html to see it there."
                            .formatted(
                                    output.format(),
                                    file,
                                    OutputFormat.OF_PARTIAL_RESULTS.stream()
                                            .map(OutputFormat::toString)
                                            .collect(Collectors.joining(", "))));
        }
        Function<LensResult, HeatMap> map = view -> output.figure.strided(color.heatMap(view));
        output.write(
                lens == null ? ResultReport.of(result, map) : new ResultReport(List.of(through(lens, result)), map),
                console);
        console.out().flush();
        return ExitCode.OK.number();
    }
}
