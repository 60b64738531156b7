package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.Quantity;
import dev.stratalens.cli.analysis.QuantityReport;
import dev.stratalens.cli.analysis.TargetLogitsReport;
import dev.stratalens.cli.analysis.Targets;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.ContrastOptions;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code logits}: the best token's logit, or those of targets. */
@Command(
        name = "logits",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows the likeliest token everywhere with its logit, or the logits of targets.",
            "The logit lens in its first form. With --target the logit of that token, with --against also how far"
                    + " it is ahead of another: the logit difference."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} logits \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} logits \"The capital of France is\" --target \" Paris\"",
            "  ${ROOT-COMMAND-NAME} logits \"The capital of France is\" --target \" Paris\" --against \" Rome\"",
            "  ${ROOT-COMMAND-NAME} logits --input lens.json --format csv"
        })
public final class LogitsCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Every selection = new AnalysisSelection.Every();

    @ArgGroup(validate = false, heading = TargetOptions.HEADING)
    ContrastOptions targets = new ContrastOptions();

    @Option(names = "--by-layer", description = "In a picture: the mean over the positions, not the cells.")
    boolean byLayer;

    public LogitsCommand(Console console, Installation installation) {
        super("logits", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        List<TargetGroup> groups = new ArrayList<>(targets.groups());
        if (groups.isEmpty() && (targets.variants || targets.against().isPresent())) {
            throw CliException.usage("%s needs a --target.".formatted(targets.variants ? "--variants" : "--against"));
        }
        if (byLayer && !groups.isEmpty()) {
            throw CliException.usage("--by-layer draws the best logits; leave it or --target out.");
        }
        targets.against().ifPresent(groups::add);
        return selection.needing(Needs.targets(TargetOptions.members(groups)));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        List<TargetGroup> groups = targets.groups();
        if (groups.isEmpty()) {
            return new QuantityReport(result, positions, Quantity.LOGIT, byLayer);
        }
        return new TargetLogitsReport(
                groups.stream().map(group -> Targets.known(result, group)).toList(),
                targets.against().map(group -> Targets.known(result, group)),
                positions);
    }
}
