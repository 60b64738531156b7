package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.RanksReport;
import dev.stratalens.cli.analysis.Targets;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ranks}: the rank of targets by layer and position. */
@Command(
        name = "ranks",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows the rank of the next token, or of any token, layer by layer.",
            "1 is the likeliest of the whole vocabulary. Without --target it is the prompt's own next token at each"
                    + " position: what a language model is trained to find."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} ranks \"France: Paris, Japan: Tokyo, Italy: Rome\"",
            "  ${ROOT-COMMAND-NAME} ranks \"The capital of France is\" --target \" Paris\" --target \" Rome\"",
            "  ${ROOT-COMMAND-NAME} ranks \"The capital of France is\" --target paris --variants",
            "  ${ROOT-COMMAND-NAME} ranks \"Red, green, red, green, red,\" --embedding --by-layer",
            "  ${ROOT-COMMAND-NAME} ranks --input lens.json --format csv"
        })
public final class RanksCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Every selection = new AnalysisSelection.Every();

    @ArgGroup(validate = false, heading = TargetOptions.HEADING)
    TargetOptions targets = new TargetOptions();

    @Option(
            names = "--by-layer",
            description = "In a picture: the median over the positions, not the cells. So it is with several targets.")
    boolean byLayer;

    public RanksCommand(Console console, Installation installation) {
        super("ranks", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        return selection.needing(Needs.targets(TargetOptions.members(targets.groupsOr(LensTarget.nextToken()))));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        List<FollowedTokens> followed = followed(result);
        if (followed.stream()
                .allMatch(tokens -> positions.stream()
                        .allMatch(position -> tokens.tokens(position).isEmpty()))) {
            throw CliException.usage(
                    "no token follows position %d, the prompt's last. Show other positions, or name a --target such as final-top."
                            .formatted(positions.get(positions.size() - 1)));
        }
        return new RanksReport(followed, positions, byLayer);
    }

    /** A saved result has the targets that it was computed with. */
    private List<FollowedTokens> followed(LensResult result) {
        List<TargetGroup> asked = targets.groups();
        if (source.isSaved() && asked.isEmpty() && !result.targets().isEmpty()) {
            return Targets.all(result);
        }
        return targets.groupsOr(LensTarget.nextToken()).stream()
                .map(group -> Targets.ranked(result, group))
                .toList();
    }
}
