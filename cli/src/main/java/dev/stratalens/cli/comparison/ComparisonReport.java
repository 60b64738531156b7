package dev.stratalens.cli.comparison;

import dev.stratalens.cli.form.ChartTable;
import dev.stratalens.cli.form.FigureCsv;
import dev.stratalens.cli.form.GridPrinter;
import dev.stratalens.cli.form.Markdown;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.function.Supplier;

/**
 * Two runs: how they were aligned, the heat map, where they part, the tokens that they end with.
 *
 * @param parting the runs, and from where on they have parted
 * @param map the heat map of both
 * @param trajectories the tokens at one position, made where a form shows them
 * @param picture what a picture shows, and the CSV behind it
 */
public record ComparisonReport(Parting parting, HeatMap map, Supplier<LineChart> trajectories, ComparePicture picture)
        implements Report {

    private static final int WIDEST_TOKEN = 20;
    private static final List<Integer> LEFT = List.of(1, 6, 7);

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        LineChart tokens = trajectories.get();
        int width = screen.columns();
        parting.runs().forEach(run -> say(run, out, width));
        parting.alignment().forEach(sentence -> say(sentence, out, width));
        out.println();
        say(map.title() + "; layers run downward", out, width);
        out.println();
        GridPrinter grids = new GridPrinter(out, scale, screen);
        grids.print(map);
        grids.legend(map.scale());
        out.println();
        say(parting.rowsInWords(), out, width);
        out.println();
        table(parting).print(out, scale::bold, screen);
        out.println();
        say(tokens.title(), out, width);
        out.println();
        ChartTable.of(tokens).print(out, scale::bold, screen);
        out.println();
        say(parting.farthest(), out, width);
        out.println(scale.faint(Paragraph.wrap(parting.coverage(), width)));
    }

    @Override
    public void writeMarkdown(Writer out) throws IOException {
        for (String run : parting.runs()) {
            out.append("* ").append(Markdown.escape(run)).append('\n');
        }
        out.append('\n');
        paragraph(String.join(" ", parting.alignment()), out);
        Markdown.write(map.withNote(map.scale().name()), out);
        out.append('\n');
        paragraph(parting.rowsInWords(), out);
        Markdown.write(table(parting), out);
        out.append('\n');
        paragraph(parting.farthest(), out);
        paragraph(parting.coverage(), out);
    }

    private static void paragraph(String text, Writer out) throws IOException {
        out.append(Markdown.escape(text)).append("\n\n");
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        ComparisonJson.write(parting, out);
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        switch (picture) {
            case MAP -> ComparisonCsv.write(parting.comparison(), out);
            case TRAJECTORIES -> FigureCsv.write(trajectories.get(), out);
            case LAYERS -> FigureCsv.write(byLayer(), out);
        }
    }

    @Override
    public String svg(FigureStyle style) {
        return switch (picture) {
            case MAP -> SvgFigure.svg(map, style);
            case TRAJECTORIES -> SvgFigure.svg(trajectories.get(), style);
            case LAYERS -> SvgFigure.svg(byLayer(), style);
        };
    }

    private LineChart byLayer() {
        return ComparisonFigures.byLayer(parting.comparison(), parting.measure());
    }

    @Override
    public HtmlReport page() {
        LensResult a = parting.comparison().a();
        LensResult b = parting.comparison().b();
        return HtmlReport.compare(a, b)
                .title(ComparisonFigures.name(a, b) + " | " + ComparisonFigures.name(b, a))
                .build();
    }

    private static TextTable table(Parting parting) {
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

    private static void say(String sentence, PrintWriter out, int width) {
        out.println(Paragraph.wrap(sentence, width));
    }
}
