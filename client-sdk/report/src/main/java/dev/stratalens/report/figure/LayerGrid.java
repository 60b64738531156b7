package dev.stratalens.report.figure;

import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;

/** The rows and columns of a heat map of a result: one row per read point, one column per position. */
public final class LayerGrid {

    /** Which rows a map has. */
    public enum Rows {
        /** One per layer. */
        LAYERS,
        /** One per read point. */
        READ_POINTS
    }

    /** The cell of a row, which is what the lens read at a read point, at a position. */
    @FunctionalInterface
    public interface CellSource {
        Cell at(LayerResult row, int position);
    }

    private final LensResult result;
    private final List<LayerResult> rows;
    private final List<String> headNames;
    private final List<Column> columns = new ArrayList<>();

    LayerGrid(LensResult result, Rows rows, String... headNames) {
        this.result = result;
        this.rows = result.readPoints().stream()
                .filter(point -> rows == Rows.READ_POINTS || point.isLayer())
                .map(result::at)
                .toList();
        this.headNames = List.of(headNames);
    }

    /** Each column is headed by its position and the token there. */
    public static LayerGrid ofPositions(LensResult result, Rows rows, List<Integer> positions, CellSource cells) {
        LayerGrid grid = new LayerGrid(result, rows, "position", "token");
        positions.forEach(position -> grid.column(grid.head(position), row -> cells.at(row, position)));
        return grid;
    }

    /** Each column is also headed by the token of a target there. */
    public static LayerGrid ofTargets(
            LensResult result,
            Rows rows,
            List<Integer> positions,
            IntFunction<Optional<Token>> target,
            CellSource cells) {
        LayerGrid grid = new LayerGrid(result, rows, "position", "token", "target");
        for (int position : positions) {
            List<String> head = new ArrayList<>(grid.head(position));
            head.add(target.apply(position).map(token -> "⇒" + token.display()).orElse("-"));
            grid.column(head, row -> cells.at(row, position));
        }
        return grid;
    }

    private List<String> head(int position) {
        return List.of(Integer.toString(position), result.display(position));
    }

    void column(List<String> head, Function<LayerResult, Cell> cells) {
        columns.add(new Column(head, rows.stream().map(cells).toList()));
    }

    /** The highest value of any cell; 0 if there is none. */
    double highest() {
        return values().max().orElse(0);
    }

    /** The lowest value of any cell; 0 if there is none. */
    double lowest() {
        return values().min().orElse(0);
    }

    private DoubleStream values() {
        return columns.stream()
                .flatMap(column -> column.cells().stream())
                .mapToDouble(Cell::value)
                .filter(value -> !Double.isNaN(value));
    }

    /** The heat map. */
    public HeatMap heatMap(String title, ColorScale scale) {
        List<String> names =
                rows.stream().map(row -> HeatMaps.rowName(row.readPoint())).toList();
        return new HeatMap(title, HeatMaps.note(result), "layer", names, headNames, columns, scale);
    }
}
