package dev.stratalens.cli.analysis;

import dev.stratalens.cli.form.MarkdownPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.cli.form.TextPage;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An analysis and what it is about.
 *
 * @param name the analysis's: the command's
 * @param result what was analyzed
 * @param positions those that are shown
 * @param found what was found
 * @param layers which layers of a heat map to show
 */
public record Analysis(
        String name, LensResult result, List<Integer> positions, AnalysisReport found, UnaryOperator<HeatMap> layers)
        implements Report {

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        found.print(new TextPage(out, scale, screen, layers));
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        AnalysisJson.write(this, out);
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        found.writeCsv(out);
    }

    @Override
    public void writeMarkdown(Writer out) {
        found.print(new MarkdownPage(out, layers));
    }

    /** The whole result in the viewer. */
    @Override
    public HtmlReport page() {
        return HtmlReport.of(result).build();
    }

    @Override
    public String svg(FigureStyle style) {
        Picture picture = found.picture();
        return picture instanceof Picture.Cells cells
                ? SvgFigure.svg(layers.apply(cells.map()), style)
                : SvgFigure.svg(((Picture.Curves) picture).chart(), style);
    }
}
