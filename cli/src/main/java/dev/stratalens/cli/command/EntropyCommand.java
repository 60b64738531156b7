package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.Quantity;
import dev.stratalens.cli.analysis.QuantityReport;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code entropy}: how decided each layer is. */
@Command(
        name = "entropy",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows how certain each layer is, right or wrong.",
            "The entropy of its distribution, nats: 0 is certain, the logarithm of the vocabulary's size (8.03 for the"
                    + " demo model) is no preference at all."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} entropy \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} entropy \"7 + 5 =\" --embedding",
            "  ${ROOT-COMMAND-NAME} entropy --input lens.json --format csv"
        })
public final class EntropyCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Every selection = new AnalysisSelection.Every();

    @Option(names = "--by-layer", description = "In a picture: the mean over the positions, not the cells.")
    boolean byLayer;

    public EntropyCommand(Console console, Installation installation) {
        super("entropy", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        return selection.needing(Needs.statistics(Statistic.ENTROPY.name()));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        return QuantityReport.of(result, positions, Quantity.of(Statistic.ENTROPY), byLayer);
    }
}
