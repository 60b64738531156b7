package dev.stratalens.cli.report;

import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** One row a position: what the model predicts there, from which layer on, and how far some layers still are from it. */
final class PositionSummary {

    /** What the columns are. */
    static final String CAPTION =
            "What the model predicts at each position; the layer from which that token stays on top (crystallization);"
                    + " KL from a layer's distribution to the final one, nats";

    private static final int WIDEST_TOKEN = 20;

    private PositionSummary() {}

    static TextTable of(LensResult result) {
        List<Integer> samples = sampledLayers(result);
        TextTable table = new TextTable()
                .column("pos", Align.RIGHT)
                .column("token", Align.LEFT)
                .column("predicts", Align.LEFT)
                .column("prob", Align.RIGHT)
                .column("from layer", Align.RIGHT);
        for (int layer : samples) {
            table.column("KL at " + layer, Align.RIGHT);
        }
        for (int position : result.positions()) {
            table.row(row(result, position, samples));
        }
        return table;
    }

    private static List<String> row(LensResult result, int position, List<Integer> samples) {
        Prediction finalTop = result.finalTop(position);
        OptionalInt layer = result.crystallizationLayer(position);
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(position),
                shortened(result.display(position)),
                shortened(finalTop.token().display()),
                NumberText.probability(finalTop.probability()),
                layer.isEmpty() ? "-" : Integer.toString(layer.getAsInt())));
        for (int sample : samples) {
            row.add(NumberText.decimals(result.klFromFinal(sample, position).orElse(Double.NaN)));
        }
        return row;
    }

    private static String shortened(String token) {
        return DisplayWidth.shorten(token, WIDEST_TOKEN);
    }

    /** The first block, the middle one and the one before the last, of those that were asked for; none without KL. */
    private static List<Integer> sampledLayers(LensResult result) {
        List<Integer> blocks =
                result.layers().stream().filter(layer -> layer >= 0).toList();
        OptionalDouble kl =
                result.klFromFinal(result.layers().get(0), result.positions().get(0));
        if (kl.isEmpty() || blocks.isEmpty()) {
            return List.of();
        }
        int count = blocks.size();
        return List.of(0, count / 2, Math.max(0, count - 2)).stream()
                .map(blocks::get)
                .distinct()
                .sorted()
                .toList();
    }
}
