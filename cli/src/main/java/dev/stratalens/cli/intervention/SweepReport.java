package dev.stratalens.cli.intervention;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.cli.form.GridPrinter;
import dev.stratalens.cli.form.Markdown;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.output.ListFormat;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepInfo;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.NumberText;
import dev.stratalens.report.figure.SvgFigure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Comparator;
import java.util.List;

/**
 * A sweep: what each change moves.
 *
 * @param change in words
 * @param metric in words
 * @param map how far each change moves the metric
 */
record SweepReport(String change, String metric, SweepResult sweep, HeatMap map) implements Report {

    private String values() {
        SweepInfo info = sweep.info();
        String source = info.source().isPresent()
                ? ", %s for the source"
                        .formatted(NumberText.decimals(info.source().getAsDouble()))
                : "";
        return "Unchanged, the %s is %s%s.".formatted(metric, NumberText.decimals(info.unchanged()), source);
    }

    private String strongest() {
        SweepCell cell = sweep.cells().stream()
                .max(Comparator.comparingDouble(
                        each -> Math.abs(each.value() - sweep.info().unchanged())))
                .orElseThrow();
        String head = cell.head().isPresent() ? ", head " + cell.head().getAsInt() : "";
        return "It moves most at layer %d%s, token %d %s: to %s."
                .formatted(
                        cell.layer(),
                        head,
                        cell.position(),
                        sweep.info().tokens().get(cell.position()).token().display(),
                        NumberText.decimals(cell.value()));
    }

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        for (String sentence : List.of(map.title() + "; layers run downward", values())) {
            out.println(Paragraph.wrap(sentence, screen.columns()));
        }
        out.println();
        GridPrinter grids = new GridPrinter(out, scale, screen);
        grids.print(map);
        grids.legend(map.scale());
        out.println();
        out.println(Paragraph.wrap(strongest(), screen.columns()));
    }

    @Override
    public void writeMarkdown(Writer out) throws IOException {
        out.append(Markdown.escape(values())).append("\n\n");
        Markdown.write(map.withNote(map.scale().name()), out);
        out.append('\n').append(Markdown.escape(strongest())).append('\n');
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        SweepInfo info = sweep.info();
        JsonWriter json = ListFormat.json(out);
        json.beginObject().name("format").value("stratalens-sweep/1");
        json.name("model").value(info.model().info().name());
        json.name("change").value(change);
        json.name("metric").value(metric);
        json.name("metric_position").value(info.metricPosition());
        json.name("unchanged").value(info.unchanged());
        json.name("source");
        if (info.source().isPresent()) {
            json.value(info.source().getAsDouble());
        } else {
            json.nullValue();
        }
        json.name("tokens").beginArray();
        for (var token : info.tokens()) {
            json.value(token.token().display());
        }
        json.endArray();
        integers("layers", info.layers(), json);
        integers("positions", info.positions(), json);
        integers("heads", info.heads(), json);
        json.name("values").beginArray();
        for (SweepCell cell : sweep.cells()) {
            json.value(cell.value());
        }
        json.endArray().endObject().flush();
        out.write('\n');
    }

    private static void integers(String name, List<Integer> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (int value : values) {
            json.value(value);
        }
        json.endArray();
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        CsvLine.write(List.of("layer", "position", "token", "head", "value", "change"), out);
        for (SweepCell cell : sweep.cells()) {
            CsvLine.write(
                    List.of(
                            Integer.toString(cell.layer()),
                            Integer.toString(cell.position()),
                            sweep.info().tokens().get(cell.position()).token().text(),
                            cell.head().isPresent()
                                    ? Integer.toString(cell.head().getAsInt())
                                    : "",
                            CsvLine.number(cell.value()),
                            CsvLine.number(cell.value() - sweep.info().unchanged())),
                    out);
        }
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(map, style);
    }
}
