package dev.stratalens.cli.form;

import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import java.util.ArrayList;
import java.util.List;

/** A heat map as a table without colors: the lines of a head are separated by line feeds. */
final class FigureTable {

    private FigureTable() {}

    static TextTable of(HeatMap map) {
        TextTable table = new TextTable().column(map.rowName(), Align.RIGHT);
        for (Column column : map.columns()) {
            table.column(String.join("\n", column.head()), Align.LEFT);
        }
        for (int row = 0; row < map.rows().size(); row++) {
            List<String> texts = new ArrayList<>(List.of(map.rows().get(row)));
            for (Column column : map.columns()) {
                Cell cell = column.cells().get(row);
                texts.add((cell.word() + " " + cell.number()).strip());
            }
            table.row(texts);
        }
        return table;
    }
}
