package dev.stratalens.cli.lenses;

import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.engine.lens.fit.FitResult;
import dev.stratalens.engine.lens.fit.LayerGain;
import dev.stratalens.engine.lens.fit.LayerGain.Distance;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What a fit has gained, as a table. */
final class FitTable {

    private FitTable() {}

    static void print(FitResult result, PrintWriter out) {
        TextTable table = new TextTable()
                .column("read point", Align.LEFT)
                .column("KL logit", Align.RIGHT)
                .column("KL fitted", Align.RIGHT)
                .column("top-1 logit", Align.RIGHT)
                .column("top-1 fitted", Align.RIGHT);
        for (LayerGain gain : result.gains()) {
            table.row(List.of(
                    ReadPointNames.of(List.of(gain.point())),
                    divergence(gain.plain()),
                    divergence(gain.fitted()),
                    agreement(gain.plain()),
                    agreement(gain.fitted())));
        }
        table.print(out, UnaryOperator.identity());
        out.printf(
                "%nMeans over %,d positions of text that was held out: KL(output || lens) in nats, and how often the best token is"
                        + " the output's.%n",
                result.evaluatedPositions());
        out.printf(
                "Fitted on %,d sequences. Wrote %s and %s%n",
                result.usedSequences(),
                PrintableText.of(result.lens().toString()),
                PrintableText.of(result.evaluation().toString()));
    }

    private static String divergence(Distance distance) {
        return String.format(Locale.ROOT, "%.4f", distance.divergence());
    }

    private static String agreement(Distance distance) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * distance.agreement());
    }
}
