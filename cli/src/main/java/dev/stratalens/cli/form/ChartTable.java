package dev.stratalens.cli.form;

import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A line chart as a table: one row an x, one column a curve. A dash is a gap. */
public final class ChartTable {

    private ChartTable() {}

    /** Whole numbers as such, others with two decimals. */
    public static TextTable of(LineChart chart) {
        TextTable table = new TextTable().column(chart.x().label(), Align.RIGHT);
        List<Map<Double, Double>> curves = new ArrayList<>();
        TreeSet<Double> across = new TreeSet<>();
        for (LineChart.Curve curve : chart.curves()) {
            table.column(curve.name(), Align.RIGHT);
            curves.add(curve.points().stream().collect(Collectors.toMap(Point::x, Point::y)));
            curve.points().forEach(point -> across.add(point.x()));
        }
        for (double x : across) {
            boolean embedding = chart.x().division() == Division.LAYER && x < 0;
            List<String> row = new ArrayList<>(List.of(embedding ? "embed" : number(x)));
            curves.forEach(curve -> row.add(number(curve.getOrDefault(x, Double.NaN))));
            table.row(row);
        }
        return table;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : NumberText.decimals(value);
    }
}
