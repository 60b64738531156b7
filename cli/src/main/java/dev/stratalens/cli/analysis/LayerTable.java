package dev.stratalens.cli.analysis;

import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.Spread;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One row a layer: how a grid's numbers spread over the positions. */
final class LayerTable {

    private LayerTable() {}

    static TextTable of(LensGrid grid) {
        TextTable table = new TextTable().column("layer", Align.RIGHT);
        List.of("mean", "median", "lowest", "highest").forEach(title -> table.column(title, Align.RIGHT));
        for (int layer : grid.layers()) {
            Optional<Spread> spread = grid.overPositions(layer);
            List<String> row = new ArrayList<>(List.of(label(layer)));
            for (ToDoubleFunction<Spread> number :
                    List.<ToDoubleFunction<Spread>>of(Spread::mean, Spread::median, Spread::lowest, Spread::highest)) {
                row.add(NumberText.decimals(spread.map(number::applyAsDouble).orElse(Double.NaN)));
            }
            table.row(row);
        }
        return table;
    }

    static String label(int layer) {
        return layer < 0 ? "embed" : Integer.toString(layer);
    }
}
