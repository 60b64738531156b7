package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.CurveMeasure;
import dev.stratalens.cli.analysis.Targets;
import dev.stratalens.cli.analysis.TrajectoryReport;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.ContrastOptions;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.selection.TrajectoryChoice;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.Contrast;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.TargetGroup;
import dev.stratalens.report.analysis.TokenCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trajectory}: the evolution of tokens over the layers. */
@Command(
        name = "trajectory",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows how likely some tokens are in each layer.",
            "Without --target these are the model's prediction and its runners-up; --choose peak takes those that were"
                    + " likeliest in any layer: the tokens that led on the way."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} trajectory \"The capital of France is\" --choose peak",
            "  ${ROOT-COMMAND-NAME} trajectory \"The capital of France is\" --target \" Paris\" --target \" Rome\""
                    + " --show rank",
            "  ${ROOT-COMMAND-NAME} trajectory \"The capital of France is\" --target \" Paris\" --against \" Rome\"",
            "  ${ROOT-COMMAND-NAME} trajectory \"7 + 5 =\" --group \" 12, 13\" --positions 3,last",
            "  ${ROOT-COMMAND-NAME} trajectory --input lens.json --positions all --format csv"
        })
public final class TrajectoryCommand extends AnalysisCommand {

    private static final int MOST_TOKENS = 100;

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Last selection = new AnalysisSelection.Last();

    @ArgGroup(validate = false, heading = TargetOptions.HEADING)
    ContrastOptions targets = new ContrastOptions();

    @Option(
            names = "--choose",
            paramLabel = "WHICH",
            description = "Without --target: final (the prediction and its runners-up) or peak (default: final).")
    @Nullable
    TrajectoryChoice choose;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "5",
            description = "Without --target: how many tokens, 1 to 100 (default: 5).")
    int topK = 5;

    @Option(
            names = "--show",
            paramLabel = "WHAT",
            description =
                    "probability, log-probability, rank or log-odds (default: probability, with --against log-odds).")
    @Nullable
    CurveMeasure show;

    public TrajectoryCommand(Console console, Installation installation) {
        super("trajectory", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        List<TargetGroup> groups = targets.groups();
        if (groups.isEmpty() && (targets.variants || targets.against().isPresent())) {
            throw CliException.usage("%s needs a --target.".formatted(targets.variants ? "--variants" : "--against"));
        }
        if (choose != null && !groups.isEmpty()) {
            throw CliException.usage(
                    "--choose %s and --target both say which tokens to show; leave one out.".formatted(choose));
        }
        if (show == CurveMeasure.LOG_ODDS && targets.against().isEmpty()) {
            throw CliException.usage("--show log-odds needs --against TOKEN: it compares two tokens.");
        }
        if (topK < 1 || topK > MOST_TOKENS) {
            throw CliException.usage("--top-k: %d is out of range; 1 to %d.".formatted(topK, MOST_TOKENS));
        }
        List<TargetGroup> all =
                Stream.concat(groups.stream(), targets.against().stream()).toList();
        return selection.needing(new Needs(topK, "none", TargetOptions.members(all), Trajectories.all()));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        List<FollowedTokens> followed = targets.groups().stream()
                .map(group -> Targets.known(result, group))
                .toList();
        Optional<FollowedTokens> against = targets.against().map(group -> Targets.known(result, group));
        List<Contrast> contrasts = against.map(other -> followed.stream()
                        .map(tokens -> new Contrast(tokens, other))
                        .toList())
                .orElse(List.of());
        List<TokenCurve> curves = new ArrayList<>();
        for (int position : positions) {
            curves.addAll(followed.isEmpty() ? chosen(result, position) : curves(followed, against, position));
        }
        CurveMeasure measure =
                show != null ? show : contrasts.isEmpty() ? CurveMeasure.PROBABILITY : CurveMeasure.LOG_ODDS;
        return new TrajectoryReport(result, positions, curves, followed, contrasts, measure);
    }

    private List<TokenCurve> chosen(LensResult result, int position) {
        return choose == TrajectoryChoice.PEAK
                ? TokenCurve.highestPeaks(result, position, topK)
                : TokenCurve.finalists(result, position, topK);
    }

    private static List<TokenCurve> curves(
            List<FollowedTokens> followed, Optional<FollowedTokens> against, int position) {
        return Stream.concat(followed.stream(), against.stream())
                .map(tokens -> TokenCurve.of(tokens, position))
                .toList();
    }
}
