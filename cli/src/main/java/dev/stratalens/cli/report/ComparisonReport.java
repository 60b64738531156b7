package dev.stratalens.cli.report;

import dev.stratalens.cli.table.GridPrinter;
import dev.stratalens.cli.table.Paragraph;
import dev.stratalens.cli.table.TextTable;
import dev.stratalens.cli.table.TextTable.Align;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.io.PrintWriter;
import java.util.List;

/** Two runs for people: how they were aligned, the heat map, where they part, the tokens that they end with. */
public final class ComparisonReport {

    private static final int WIDEST_TOKEN = 20;
    private static final List<Integer> LEFT = List.of(1, 6, 7);

    private final PrintWriter out;
    private final HeatScale scale;
    private final int width;

    /** A printer for one output.
     *
     * @param width columns of the terminal */
    public ComparisonReport(PrintWriter out, HeatScale scale, int width) {
        this.out = out;
        this.scale = scale;
        this.width = width;
    }

    /** Prints everything. */
    public void print(Parting parting, HeatMap map, LineChart trajectories) {
        parting.runs().forEach(this::say);
        parting.alignment().forEach(this::say);
        out.println();
        say(map.title() + "; layers run downwards");
        out.println();
        GridPrinter grids = new GridPrinter(out, scale, width);
        grids.print(map);
        grids.legend(map.scale());
        out.println();
        say(parting.rowsInWords());
        out.println();
        table(parting).print(out, scale::bold);
        out.println();
        say(trajectories.title());
        out.println();
        ChartTable.of(trajectories).print(out, scale::bold);
        out.println();
        say(parting.farthest());
        out.println(scale.faint(Paragraph.wrap(parting.coverage(), width)));
    }

    static TextTable table(Parting parting) {
        TextTable table = new TextTable();
        List<String> titles = parting.titles();
        for (int i = 0; i < titles.size(); i++) {
            table.column(titles.get(i), LEFT.contains(i) ? Align.LEFT : Align.RIGHT);
        }
        parting.rows()
                .forEach(row -> table.row(row.stream()
                        .map(text -> DisplayWidth.shorten(text, WIDEST_TOKEN))
                        .toList()));
        return table;
    }

    private void say(String sentence) {
        out.println(Paragraph.wrap(sentence, width));
    }
}
