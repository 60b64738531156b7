package dev.stratalens.cli.intervention;

import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepInfo;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;

/** A sweep as a heat map: a row for each block, or for each of its heads, a column for each token. */
final class SweepMap {

    private SweepMap() {}

    /**
     * How far each change moves the metric.
     *
     * @param embedding whether the rows before block 0 were changed
     */
    static HeatMap of(SweepResult sweep, String title, String note, boolean embedding) {
        SweepInfo info = sweep.info();
        int heads = info.headCells();
        var columns = new ArrayList<Column>();
        double bound = 0;
        for (int position = 0; position < info.positions().size(); position++) {
            int token = info.positions().get(position);
            var cells = new ArrayList<Cell>();
            for (int layer = 0; layer < info.layers().size(); layer++) {
                for (int head = 0; head < heads; head++) {
                    SweepCell cell = sweep.cells().get((layer * info.positions().size() + position) * heads + head);
                    double moved = cell.value() - info.unchanged();
                    bound = Math.max(bound, Math.abs(moved));
                    cells.add(new Cell(NumberText.signed(moved), moved, ""));
                }
            }
            columns.add(new Column(
                    List.of(
                            Integer.toString(token),
                            info.tokens().get(token).token().display()),
                    cells));
        }
        return new HeatMap(
                title,
                note,
                "layer",
                rows(info, embedding),
                List.of("position", "token"),
                columns,
                ColorScale.diverging("change", "nats", bound));
    }

    private static List<String> rows(SweepInfo info, boolean embedding) {
        var rows = new ArrayList<String>();
        for (int layer : info.layers()) {
            if (info.heads().isEmpty()) {
                rows.add(HeatMaps.layerName(embedding ? -1 : layer));
            }
            info.heads().forEach(head -> rows.add("%d head %d".formatted(layer, head)));
        }
        return rows;
    }
}
