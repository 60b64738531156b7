package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.DepthReport;
import dev.stratalens.cli.analysis.Targets;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.ContrastOptions;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.PositionDepth;
import dev.stratalens.report.analysis.TargetGroup;
import dev.stratalens.report.figure.HeatMaps;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crystallize}: the layers at which predictions form. */
@Command(
        name = "crystallize",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows where in depth each prediction forms.",
            "The layer from which it stays on top (crystallization), the first one where it is on top, the first one"
                    + " where it is among the best; and the positions that decide early and late."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} crystallize \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} crystallize \"Monday, Tuesday, Wednesday, Thursday, Friday,\" --rank 3",
            "  ${ROOT-COMMAND-NAME} crystallize \"The capital of France is\" --target \" Paris\" --against \" Rome\"",
            "  ${ROOT-COMMAND-NAME} crystallize --input lens.json --format json"
        })
public final class CrystallizeCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Every selection = new AnalysisSelection.Every();

    @ArgGroup(validate = false, heading = TargetOptions.HEADING)
    ContrastOptions targets = new ContrastOptions();

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "10",
            description = "From this rank on the prediction, or the --target, counts as among the best (default: 10).")
    int rank = HeatMaps.RANK_THRESHOLD;

    public CrystallizeCommand(Console console, Installation installation) {
        super("crystallize", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        if (rank < 1) {
            throw CliException.usage("--rank: %d is below 1; 1 is the likeliest token.".formatted(rank));
        }
        List<TargetGroup> groups = new ArrayList<>(targets.groupsOr(LensTarget.finalTop()));
        if (groups.size() > 1) {
            throw CliException.usage(
                    "%d targets: one at a time. --group takes several as one.".formatted(groups.size()));
        }
        targets.against().ifPresent(groups::add);
        return selection.needing(Needs.targets(TargetOptions.members(groups)));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        FollowedTokens followed = targets.groups().isEmpty()
                ? finalTop(result)
                : Targets.ranked(result, targets.groups().get(0));
        return new DepthReport(
                followed,
                targets.against().map(group -> Targets.known(result, group)),
                rank,
                positions.stream()
                        .map(position -> PositionDepth.of(followed, position, rank))
                        .toList());
    }

    /** A saved result may know the ranks of its best k only. */
    private FollowedTokens finalTop(LensResult result) {
        FollowedTokens followed = FollowedTokens.finalTop(result);
        if (followed.targets().isEmpty() && rank > result.k()) {
            throw CliException.usage(
                    "--rank %d: this result has the best %d of each cell. Give --rank %d or less, or compute it again with --target final-top."
                            .formatted(rank, result.k(), result.k()));
        }
        return followed;
    }
}
