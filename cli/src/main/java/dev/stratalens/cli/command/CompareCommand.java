package dev.stratalens.cli.command;

import dev.stratalens.cli.comparison.ComparePicture;
import dev.stratalens.cli.comparison.CompareSource;
import dev.stratalens.cli.comparison.CompareView;
import dev.stratalens.cli.comparison.ComparisonReport;
import dev.stratalens.cli.comparison.LayersBy;
import dev.stratalens.cli.comparison.Parting;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.comparison.Difference;
import dev.stratalens.report.comparison.LayerAlignment;
import dev.stratalens.report.comparison.PositionPair;
import dev.stratalens.report.figure.LineChart;
import java.io.IOException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code compare}: two runs compared. */
@Command(
        name = "compare",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Compares two runs: two prompts, two models, two revisions or two saved results.",
            "Shows where in depth, and by how much, their predictions part."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} compare \"The capital of France is\" \"The capital of Italy is\"",
            "  ${ROOT-COMMAND-NAME} compare \"The capital of France is\" \"France's capital is\" --target \" Paris\""
                    + " --by target",
            "  ${ROOT-COMMAND-NAME} compare \"Hello world\" --model ~/models/gpt2 --with-model ~/models/smol",
            "  ${ROOT-COMMAND-NAME} compare \"Hello\" --model hf:ORG/NAME@v1 --with-model hf:ORG/NAME@v2 --format csv",
            "  ${ROOT-COMMAND-NAME} compare one.json two.json --format svg --picture layers --output apart.svg",
            "  ${ROOT-COMMAND-NAME} compare one.json two.json --output compare.html",
            "",
            "Positions of two texts meet along the tokens that they share, and what was replaced from its end;",
            "of one text read by two tokenizers, where tokens end at the same byte. Distances are of what both",
            "runs know, which is part of the vocabulary: they say how far apart the runs are at least, never",
            "more than they are. More --top-k and --target let both know more."
        })
public final class CompareCommand extends ConsoleCommand {

    @Mixin
    CompareSource source = new CompareSource();

    @Option(
            names = "--align",
            paramLabel = "HOW",
            converter = LayersBy.class,
            completionCandidates = LayersBy.class,
            description =
                    "Which layers meet: layer (of the same number) or depth (of the same relative depth). Default:"
                            + " layer where both models have as many blocks, else depth.")
    @Nullable
    LayerAlignment align;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            converter = CompareView.Words.class,
            completionCandidates = CompareView.Words.class,
            description = "One of ${COMPLETION-CANDIDATES}. The first four are distances: total variation (default),"
                    + " Jensen-Shannon and both KL; the others B less A, where top is the probability of the best"
                    + " token.")
    CompareView view = CompareView.TV;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "From which distance on the runs have parted (default: 0.1).")
    double threshold = 0.1;

    @Option(
            names = "--picture",
            paramLabel = "WHAT",
            description = "For svg, png and csv: map (default), trajectories, or layers (distance by layer).")
    ComparePicture picture = ComparePicture.MAP;

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            description = "Position of A whose trajectories are shown (default: the last that has a counterpart).")
    @Nullable
    Integer at;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = OutputFormat.OfAnalyses.class,
            completionCandidates = OutputFormat.OfAnalyses.class,
            description =
                    "table, json, csv, markdown, html, svg or png (default: that of the output file, else table). html is a page with both runs,"
                            + " whose views move together.")
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(names = "--quiet", description = "No progress.")
    boolean quiet;

    public CompareCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        if (!(threshold > 0)) {
            throw CliException.usage("--threshold: %s is not allowed; give a number above 0.".formatted(threshold));
        }
        output.check(format, OutputFormat.OF_ANALYSES, "compare", console);
        Comparison comparison;
        try (ProgressLine progress = console.progress(quiet)) {
            comparison = compare(source.read(console, installation, progress));
        }
        requireTargets(comparison);
        ComparisonReport report = new ComparisonReport(
                new Parting(comparison, view.distance(), threshold),
                output.figure.strided(view.map(comparison)),
                () -> trajectories(comparison),
                picture);
        output.write(report, console);
        return ExitCode.OK.number();
    }

    private Comparison compare(CompareSource.Runs runs) {
        try {
            return align == null ? Comparison.of(runs.a(), runs.b()) : Comparison.of(runs.a(), runs.b(), align);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage() + ".", e);
        }
    }

    private void requireTargets(Comparison comparison) {
        boolean needed = view.difference().filter(Difference::needsTarget).isPresent();
        if (needed
                && (comparison.a().targets().isEmpty()
                        || comparison.b().targets().isEmpty())) {
            throw CliException.usage(
                    "--by %s compares a target, and there is none; add --target TOKEN.".formatted(view));
        }
    }

    private LineChart trajectories(Comparison comparison) {
        return ComparisonFigures.trajectories(
                comparison, at == null ? comparison.positions().size() - 1 : index(at, comparison));
    }

    private static int index(int positionOfA, Comparison comparison) {
        return IntStream.range(0, comparison.positions().size())
                .filter(index -> comparison.positions().get(index).a() == positionOfA)
                .findFirst()
                .orElseThrow(() -> CliException.usage("--at: position %d of A has no counterpart in B; these have: %s."
                        .formatted(
                                positionOfA,
                                comparison.positions().stream()
                                        .map(PositionPair::a)
                                        .toList())));
    }
}
