package dev.stratalens.cli.report;

import dev.stratalens.cli.form.Markdown;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.report.file.V2Json;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;

/**
 * A whole result.
 *
 * @param views the result through each lens to show, 1 or more; a file of the whole result has every lens
 * @param map makes the heat map of the best tokens, where a form shows it
 */
public record ResultReport(List<LensResult> views, Function<LensResult, HeatMap> map) implements Report {

    /** Copies the list. */
    public ResultReport {
        views = List.copyOf(views);
    }

    /** A result with all its lenses. */
    public static ResultReport of(LensResult result, Function<LensResult, HeatMap> map) {
        return new ResultReport(result.lenses().stream().map(result::through).toList(), map);
    }

    private LensResult result() {
        return views.get(0);
    }

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        var table = new TableReport(out, scale, screen);
        table.head(result());
        for (int i = 0; i < views.size(); i++) {
            if (i > 0) {
                out.println();
            }
            table.print(views.get(i), map.apply(views.get(i)));
        }
        table.tail(result());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        LensJson.write(result(), out);
        out.write('\n');
    }

    @Override
    public void writeV2(Writer out) throws IOException {
        V2Json.write(result(), out, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        out.write('\n');
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        CsvReport.write(views, out);
    }

    @Override
    public void writeMarkdown(Writer out) throws IOException {
        out.append("**%s**: %s\n\n"
                .formatted(Markdown.escape(result().model().name()), Markdown.escape(Headline.of(result()))));
        for (LensResult view : views) {
            writeMarkdown(view, out);
        }
    }

    private void writeMarkdown(LensResult view, Appendable out) throws IOException {
        String lens = LensNotes.of(view);
        if (!lens.isEmpty()) {
            out.append(Markdown.escape(lens)).append("\n\n");
        }
        Markdown.write(map.apply(view).withNote(""), out);
        out.append('\n').append(Markdown.escape(PositionSummary.CAPTION)).append("\n\n");
        Markdown.write(PositionSummary.of(view), out);
        for (int target = 0; target < view.targets().size(); target++) {
            out.append('\n');
            Markdown.write(HeatMaps.target(view, target).withNote(""), out);
        }
    }

    @Override
    public HtmlReport page() {
        return (views.size() > 1 ? HtmlReport.lenses(result()) : HtmlReport.of(result())).build();
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(map.apply(result()), style);
    }
}
