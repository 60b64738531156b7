package dev.stratalens.cli.summary;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code summarize}: a table of results in few numbers. */
@Command(
        name = "summarize",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Summarizes a table that `batch` wrote: by layer, the mean and quantiles of each number, over all rows or by",
            "the values of columns. The table is read once, in little memory."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} summarize results.parquet",
            "  ${ROOT-COMMAND-NAME} summarize results.parquet --group type --by kl-from-final",
            "  ${ROOT-COMMAND-NAME} summarize results.parquet --group type --output entropy.svg --by entropy",
            "",
            "Each position counts once. Quantiles are wrong by 0.5 % of themselves at most. Of targets and predictions,",
            "the first one counts; ranks are averaged by their logarithms. docs/corpus-format.md has the same in SQL."
        })
public final class SummarizeCommand extends ConsoleCommand {

    @Parameters(paramLabel = "TABLE", description = "A folder of Parquet files that `batch` wrote.")
    Path table = Path.of("");

    @Option(
            names = "--group",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns with single values, such as type; each of their combinations has its curves.")
    List<String> groupedBy = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "Show only this measure, such as entropy; a picture shows one (default: all; the first).")
    @Nullable
    String by;

    @Option(
            names = "--quantiles",
            paramLabel = "SHARE",
            split = ",",
            defaultValue = "0.25,0.5,0.75",
            description = "Shares of the rows, 0 .. 1, ascending (default: 0.25,0.5,0.75).")
    List<Double> quantiles = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = OutputFormat.OfPrompts.class,
            completionCandidates = OutputFormat.OfPrompts.class,
            description =
                    "table, json, csv, svg or png (default: that of the output file, else table). json and csv hold"
                            + " every measure.")
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    public SummarizeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        output.check(format, OutputFormat.OF_PROMPTS, "summary", console);
        for (int i = 0; i < quantiles.size(); i++) {
            double share = quantiles.get(i);
            if (!(share >= 0 && share <= 1) || (i > 0 && share <= quantiles.get(i - 1))) {
                throw CliException.usage(
                        "--quantiles: %s is outside 0 .. 1, or not above the one before it.".formatted(share));
            }
        }
        TableSummary summary;
        try (ProgressLine progress = console.progress(false)) {
            summary = TableSummary.of(table, groupedBy, progress);
        }
        output.write(new SummaryReport(summary, quantiles, shown(summary)), console);
        if (summary.gaps().isEmpty()) {
            return ExitCode.OK.number();
        }
        console.err()
                .printf(
                        "%s is not complete: %s. The summary is without them.%n",
                        table, summary.gaps().inWords());
        return ExitCode.PARTIAL.number();
    }

    private List<SummaryMeasure> shown(TableSummary summary) {
        List<SummaryMeasure> there = summary.measures();
        if (there.isEmpty()) {
            throw CliException.usage(
                    "%s has no numbers to summarize; every column of them was left out.".formatted(table));
        }
        if (by == null) {
            return there;
        }
        return List.of(there.stream()
                .filter(measure -> measure.key().equals(by))
                .findFirst()
                .orElseThrow(() -> CliException.usage("--by: \"%s\" is not one of %s."
                        .formatted(by, there.stream().map(SummaryMeasure::key).collect(Collectors.joining(", "))))));
    }
}
