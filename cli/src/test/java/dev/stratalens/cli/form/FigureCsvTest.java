package dev.stratalens.cli.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.cli.report.Results;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.LineChart.Axis;
import dev.stratalens.report.figure.LineChart.Curve;
import dev.stratalens.report.figure.LineChart.Division;
import dev.stratalens.report.figure.LineChart.Point;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The numbers behind figures, as CSV and as tables. */
class FigureCsvTest {

    private static final LineChart CHART = new LineChart(
            "",
            "",
            Axis.layers(),
            Axis.of("KL, nats", Division.LINEAR),
            List.of(
                    new Curve("one, two", List.of(Point.of(-1, 12.25), new Point(0, 3.5, 3, 4))),
                    new Curve("other", List.of(Point.of(0, 7), Point.of(1, Double.NaN)))));

    @Test
    void aHeatMapHasALineForEachCell() throws IOException {
        StringBuilder csv = new StringBuilder();
        FigureCsv.write(HeatMaps.bestTokens(Results.tiny(), ColorMode.Own.RANK, 0), csv);
        List<String> lines = csv.toString().lines().toList();
        assertEquals("layer,position,token,target,word,rank", lines.get(0));
        assertEquals("embed,0,<s>,⇒The,<s>,3", lines.get(1));
        assertEquals("0,1,The,⇒·capital,\",\"\"\",2", lines.get(7));
        assertEquals("0,4,·東京,-,,", lines.get(10));
        assertEquals(1 + 4 * 5, lines.size());
    }

    @Test
    void aChartHasALineForEachPoint() throws IOException {
        StringBuilder csv = new StringBuilder();
        FigureCsv.write(CHART, csv);
        assertEquals("""
            curve,layer,"KL, nats",lower,upper
            "one, two",-1,12.25,,
            "one, two",0,3.5,3,4
            other,0,7,,
            other,1,,,
            """, csv.toString());
    }

    @Test
    void aChartIsATableWithDashesForGaps() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ChartTable.of(CHART).print(out, UnaryOperator.identity());
        assertEquals("""
            layer  one, two  other
            embed     12.25      -
                0      3.50      7
                1         -      -
            """, text.toString());
    }
}
