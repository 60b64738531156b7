package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.Quantity;
import dev.stratalens.cli.analysis.QuantityReport;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.KlFrom;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kl}: how far each layer's distribution is from the final one, or from the next layer's. */
@Command(
        name = "kl",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows how far each layer's distribution is from the model's output.",
            "The KL divergence KL(final || layer), nats; 0 is the output itself. With --from next: from the next"
                    + " layer's, that is, how much each block changes."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} kl \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} kl \"The capital of France is\" --from next --embedding",
            "  ${ROOT-COMMAND-NAME} kl \"Monday, Tuesday, Wednesday,\" --output kl.json",
            "  ${ROOT-COMMAND-NAME} kl --input lens.json --positions 3-last"
        })
public final class KlCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Every selection = new AnalysisSelection.Every();

    @Option(
            names = "--from",
            paramLabel = "WHAT",
            defaultValue = "final",
            converter = KlFrom.class,
            completionCandidates = KlFrom.class,
            description = "final (the output) or next (the next layer; takes about twice the time) (default: final).")
    Statistic from = Statistic.KL_FROM_FINAL;

    @Option(names = "--by-layer", description = "In a picture: the mean over the positions, not the cells.")
    boolean byLayer;

    public KlCommand(Console console, Installation installation) {
        super("kl", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        return selection.needing(Needs.statistics(from.name()));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        return QuantityReport.of(result, positions, Quantity.of(from), byLayer);
    }
}
