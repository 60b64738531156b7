package dev.stratalens.cli.comparison;

import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.Difference;
import dev.stratalens.report.comparison.Divergence;
import dev.stratalens.report.comparison.LayerPair;
import dev.stratalens.report.comparison.PositionPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One line a pair of layers and a pair of positions: best tokens, distances, B's numbers less A's. Empty where unknown. */
final class ComparisonCsv {

    private ComparisonCsv() {}

    static void write(Comparison comparison, Appendable out) throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "layer_a",
                "layer_b",
                "position_a",
                "position_b",
                "prompt_token_a",
                "prompt_token_b",
                "token_a",
                "token_b",
                "probability_a",
                "probability_b",
                "total_variation",
                "jensen_shannon",
                "kl_a_b",
                "kl_b_a",
                "shared_a",
                "shared_b"));
        for (Difference difference : Difference.all()) {
            names.add(difference.key() + "_difference");
        }
        CsvLine.write(names, out);
        for (int layer = 0; layer < comparison.layers().size(); layer++) {
            for (int position = 0; position < comparison.positions().size(); position++) {
                CsvLine.write(line(comparison, layer, position), out);
            }
        }
    }

    private static List<String> line(Comparison comparison, int layerIndex, int positionIndex) {
        LayerPair layer = comparison.layers().get(layerIndex);
        PositionPair position = comparison.positions().get(positionIndex);
        Prediction topA = comparison.a().top(layer.a(), position.a());
        Prediction topB = comparison.b().top(layer.b(), position.b());
        Divergence apart = comparison.divergence(layerIndex, positionIndex);
        List<String> line = new ArrayList<>(List.of(
                Integer.toString(layer.a()),
                Integer.toString(layer.b()),
                Integer.toString(position.a()),
                Integer.toString(position.b()),
                comparison.a().tokens().get(position.a()).token().text(),
                comparison.b().tokens().get(position.b()).token().text(),
                topA.token().text(),
                topB.token().text(),
                CsvLine.number(topA.probability()),
                CsvLine.number(topB.probability()),
                CsvLine.number(apart.totalVariation()),
                CsvLine.number(apart.jensenShannon()),
                CsvLine.number(apart.klFromA()),
                CsvLine.number(apart.klFromB()),
                CsvLine.number(apart.sharedA()),
                CsvLine.number(apart.sharedB())));
        for (Difference difference : Difference.all()) {
            line.add(CsvLine.number(
                    comparison.difference(difference, layerIndex, positionIndex).orElse(Double.NaN)));
        }
        return line;
    }
}
