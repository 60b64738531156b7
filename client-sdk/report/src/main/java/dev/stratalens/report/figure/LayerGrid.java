package dev.stratalens.report.figure;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;

/** Collects the columns of a heat map whose rows are the layers of a result. */
final class LayerGrid {

    /** The cell at a layer and a position. */
    @FunctionalInterface
    interface CellSource {
        Cell at(int layer, int position);
    }

    private final LensResult result;
    private final List<String> headNames;
    private final List<Column> columns = new ArrayList<>();

    LayerGrid(LensResult result, String... headNames) {
        this.result = result;
        this.headNames = List.of(headNames);
    }

    /** One column a position, headed by its number and its token. */
    static LayerGrid ofPositions(LensResult result, CellSource cells) {
        LayerGrid grid = new LayerGrid(result, "position", "token");
        for (int position : result.positions()) {
            grid.column(grid.head(position), layer -> cells.at(layer, position));
        }
        return grid;
    }

    List<String> head(int position) {
        return List.of(
                Integer.toString(position),
                result.tokens().get(position).token().display());
    }

    void column(String head, IntFunction<Cell> cells) {
        column(List.of(head), cells);
    }

    void column(List<String> head, IntFunction<Cell> cells) {
        columns.add(new Column(head, result.layers().stream().map(cells::apply).toList()));
    }

    /** The highest value of any cell; 0 where there is none. */
    double highest() {
        return values().max().orElse(0);
    }

    /** The lowest value of any cell; 0 where there is none. */
    double lowest() {
        return values().min().orElse(0);
    }

    private DoubleStream values() {
        return columns.stream()
                .flatMap(column -> column.cells().stream())
                .mapToDouble(Cell::value)
                .filter(value -> !Double.isNaN(value));
    }

    HeatMap heatMap(String title, ColorScale scale) {
        List<String> rows = result.layers().stream()
                .map(layer -> layer < 0 ? "embed" : Integer.toString(layer))
                .toList();
        String note = result.model().name()
                + (result.lens().skipsFinalNorm() ? ", decoded without the final norm" : "")
                + (result.info().approximate() ? ", low precision: ranks, entropy and KL are approximate" : "");
        return new HeatMap(title, note, "layer", rows, headNames, columns, scale);
    }
}
