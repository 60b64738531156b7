package dev.stratalens.cli.report;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Column;
import java.util.ArrayList;
import java.util.List;

/** Marks the positions that were left out when a lens was fitted. */
final class UnfittedColumns {

    private UnfittedColumns() {}

    /** Whether a result has such positions. */
    static boolean in(LensResult result) {
        return result.positions().get(0) < result.reading().skippedPositions();
    }

    /** The map with a star behind the numbers of these positions. */
    static HeatMap marked(HeatMap map, LensResult result) {
        if (!in(result)) {
            return map;
        }
        List<Column> columns = new ArrayList<>();
        for (Column column : map.columns()) {
            List<String> head = new ArrayList<>(column.head());
            if (Integer.parseInt(head.get(0)) < result.reading().skippedPositions()) {
                head.set(0, head.get(0) + "*");
            }
            columns.add(new Column(head, column.cells()));
        }
        return new HeatMap(map.title(), map.note(), map.rowName(), map.rows(), map.headNames(), columns, map.scale());
    }
}
