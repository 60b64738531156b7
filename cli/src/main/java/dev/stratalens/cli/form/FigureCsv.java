package dev.stratalens.cli.form;

import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The numbers behind a figure: one line a cell or point. What does not exist is empty. */
public final class FigureCsv {

    private FigureCsv() {}

    /** One line a row and column: the row's label, the column's head, the word, the value. */
    public static void write(HeatMap map, Appendable out) throws IOException {
        List<String> names = new ArrayList<>(List.of(map.rowName()));
        names.addAll(map.headNames());
        names.addAll(List.of("word", map.scale().name()));
        CsvLine.write(names, out);
        for (int row = 0; row < map.rows().size(); row++) {
            for (HeatMap.Column column : map.columns()) {
                HeatMap.Cell cell = column.cells().get(row);
                List<String> fields = new ArrayList<>(List.of(map.rows().get(row)));
                fields.addAll(column.head());
                fields.addAll(List.of(cell.word(), CsvLine.number(cell.value())));
                CsvLine.write(fields, out);
            }
        }
    }

    /** One line a curve and point: the curve's name, x, y, and the edges of the band. */
    public static void write(LineChart chart, Appendable out) throws IOException {
        CsvLine.write(List.of("curve", chart.x().label(), chart.y().label(), "lower", "upper"), out);
        for (LineChart.Curve curve : chart.curves()) {
            for (LineChart.Point point : curve.points()) {
                CsvLine.write(
                        List.of(
                                curve.name(),
                                CsvLine.number(point.x()),
                                CsvLine.number(point.y()),
                                CsvLine.number(point.lower()),
                                CsvLine.number(point.upper())),
                        out);
            }
        }
    }
}
