package dev.stratalens.cli.report;

import dev.stratalens.cli.table.GridPrinter;
import dev.stratalens.cli.table.Paragraph;
import dev.stratalens.cli.table.TextTable;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.figure.HeatMap;
import dev.stratalens.client.figure.LineChart;
import java.io.PrintWriter;

/**
 * Text for people: sentences, tables and heat maps, one below the other.
 *
 * @param out where to
 * @param scale its colours
 * @param width its columns
 */
public record Page(PrintWriter out, HeatScale scale, int width) {

    /** A sentence, broken between words. */
    public void say(String sentence) {
        out.println(Paragraph.wrap(sentence, width));
    }

    /** A remark in a weak colour. */
    public void remark(String sentence) {
        out.println(scale.faint(Paragraph.wrap(sentence, width)));
    }

    /** An empty line. */
    public void gap() {
        out.println();
    }

    /** A heat map under its title, and what its colours mean. */
    public void show(HeatMap map) {
        say(map.title());
        out.println();
        GridPrinter printer = new GridPrinter(out, scale, width);
        printer.print(map);
        printer.legend(map.scale());
    }

    /** A table. */
    public void show(TextTable table) {
        table.print(out, scale::bold);
    }

    /** A chart as a table, under its title. */
    public void show(LineChart chart) {
        say(chart.title());
        out.println();
        show(ChartTable.of(chart));
    }
}
