package dev.stratalens.cli.intervention;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.comparison.ComparePicture;
import dev.stratalens.cli.comparison.CompareView;
import dev.stratalens.cli.comparison.ComparisonReport;
import dev.stratalens.cli.comparison.Parting;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.comparison.Difference;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that shows a changed pass beside the unchanged one. */
abstract class ChangeCommand extends ConsoleCommand {

    private static final double THRESHOLD = 0.1;

    @Mixin
    ChangeSource source = new ChangeSource();

    @ArgGroup(validate = false, heading = RowOptions.HEADING)
    RowOptions rows = new RowOptions();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            converter = CompareView.Words.class,
            completionCandidates = CompareView.Words.class,
            description = "What the map compares: one of ${COMPLETION-CANDIDATES} (default: tv).")
    CompareView view = CompareView.TV;

    @Option(
            names = "--picture",
            paramLabel = "WHAT",
            description = "For svg, png and csv: map (default), trajectories, or layers (distance by layer).")
    ComparePicture picture = ComparePicture.MAP;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = OutputFormat.OfAnalyses.class,
            completionCandidates = OutputFormat.OfAnalyses.class,
            description =
                    "table, json, csv, markdown, html, svg or png (default: that of the output file, else table). html is a page"
                            + " with both passes, whose views move together.")
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final String name;

    ChangeCommand(String name, Console console, Installation installation) {
        super(console, installation);
        this.name = name;
    }

    abstract Intervention intervention() throws IOException;

    /** What is changed, in words. */
    abstract String change();

    @Override
    public Integer call() throws IOException {
        output.check(format, OutputFormat.OF_ANALYSES, name, console);
        LensResult changed = source.read(intervention(), console, installation);
        Comparison comparison = Comparison.of(changed.unchanged().orElseThrow(), changed);
        if (view.difference().filter(Difference::needsTarget).isPresent()
                && changed.targets().isEmpty()) {
            throw CliException.usage(
                    "--by %s compares a target, and there is none; add --target TOKEN.".formatted(view));
        }
        int last = comparison.positions().size() - 1;
        output.write(
                new ChangedReport(
                        change(),
                        changed,
                        new ComparisonReport(
                                new Parting(comparison, view.distance(), THRESHOLD),
                                output.figure.strided(view.map(comparison)),
                                () -> ComparisonFigures.trajectories(comparison, last),
                                picture)),
                console);
        return ExitCode.OK.number();
    }
}
