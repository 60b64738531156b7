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
import java.util.function.Supplier;

/**
 * A whole result.
 *
 * @param map the heat map of its best tokens, made where a form shows it
 */
public record ResultReport(LensResult result, Supplier<HeatMap> map) implements Report {

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        new TableReport(out, scale, screen).print(result, map.get());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        LensJson.write(result, out);
        out.write('\n');
    }

    @Override
    public void writeV2(Writer out) throws IOException {
        V2Json.write(result, out, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        out.write('\n');
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        CsvReport.write(result, out);
    }

    @Override
    public void writeMarkdown(Writer out) throws IOException {
        out.append("**%s**: %s\n\n"
                .formatted(Markdown.escape(result.model().name()), Markdown.escape(Headline.of(result))));
        Markdown.write(map.get().withNote(""), out);
        out.append('\n').append(Markdown.escape(PositionSummary.CAPTION)).append("\n\n");
        Markdown.write(PositionSummary.of(result), out);
        for (int target = 0; target < result.targets().size(); target++) {
            out.append('\n');
            Markdown.write(HeatMaps.target(result, target).withNote(""), out);
        }
    }

    @Override
    public HtmlReport page() {
        return HtmlReport.of(result).build();
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(map.get(), style);
    }
}
