package dev.stratalens.cli.summary;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.SvgFigure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A summary: a table for each measure, with a column for each group.
 *
 * @param quantiles shares, ascending, one or more
 * @param shown what is shown for people; a picture shows the first
 */
record SummaryReport(TableSummary summary, List<Double> quantiles, List<SummaryMeasure> shown) implements Report {

    private static final String FORMAT = "stratalens-summary/1";

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        String shares = quantiles.stream().map(String::valueOf).collect(Collectors.joining(", "));
        out.println(Paragraph.wrap(
                "%s: %,d documents%s. Mean over the rows of each group; in brackets the quantiles %s."
                        .formatted(summary.model(), summary.documents(), summary.gapsInBrackets(), shares),
                screen.columns()));
        for (SummaryMeasure measure : shown) {
            out.println();
            out.println(Paragraph.wrap(measure.title(), screen.columns()));
            out.println();
            table(measure).print(out, scale::bold, screen);
        }
    }

    private TextTable table(SummaryMeasure measure) {
        TextTable table = new TextTable().column("layer", Align.RIGHT);
        TreeSet<Integer> layers = new TreeSet<>();
        for (SummaryGroup group : summary.groups()) {
            table.column(summary.name(group), Align.RIGHT);
            layers.addAll(group.layers(measure));
        }
        for (int layer : layers) {
            List<String> row = new ArrayList<>(List.of(layer < 0 ? "embed" : Integer.toString(layer)));
            for (SummaryGroup group : summary.groups()) {
                row.add(text(measure, group.at(measure, layer)));
            }
            table.row(row);
        }
        return table;
    }

    private String text(SummaryMeasure measure, Optional<LayerSums> sums) {
        if (sums.isEmpty()) {
            return "-";
        }
        String format = switch (measure.kind()) {
            case AMOUNT -> "%.2f";
            case PROBABILITY -> "%.3f";
            case RANK -> "%.1f";
        };
        String shares = quantiles.stream()
                .map(share -> String.format(Locale.ROOT, format, sums.get().quantile(share)))
                .collect(Collectors.joining(" "));
        return String.format(Locale.ROOT, format, sums.get().mean()) + " [" + shares + "]";
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        json.beginObject().name("format").value(FORMAT);
        json.name("model").value(summary.model());
        json.name("documents").value(summary.documents());
        json.name("unfinished").value(summary.gaps().unfinished());
        json.name("failed").value(summary.gaps().failed());
        json.name("quantiles").beginArray();
        for (double share : quantiles) {
            json.value(share);
        }
        json.endArray();
        json.name("quantile_error").value(QuantileSketch.ERROR);
        json.name("groups").beginArray();
        for (SummaryGroup group : summary.groups()) {
            json.beginObject();
            write(group, json);
            json.endObject();
        }
        json.endArray().endObject();
        json.flush();
        out.write('\n');
    }

    private void write(SummaryGroup group, JsonWriter json) throws IOException {
        json.name("lens").value(group.lens());
        json.name("columns").beginObject();
        for (int i = 0; i < summary.groupedBy().size(); i++) {
            json.name(summary.groupedBy().get(i)).value(group.values().get(i));
        }
        json.endObject();
        json.name("documents").value(group.documents());
        json.name("measures").beginObject();
        for (SummaryMeasure measure : summary.measures()) {
            json.name(measure.key()).beginArray();
            for (int layer : group.layers(measure)) {
                LayerSums sums = group.at(measure, layer).orElseThrow();
                json.beginObject().name("layer").value(layer).name("count").value(sums.count());
                json.name("mean").value(sums.mean()).name("quantiles").beginArray();
                for (double share : quantiles) {
                    json.value(sums.quantile(share));
                }
                json.endArray().endObject();
            }
            json.endArray();
        }
        json.endObject();
    }

    /** One line a group, measure and layer. */
    @Override
    public void writeCsv(Writer out) throws IOException {
        List<String> names = new ArrayList<>(summary.groupedBy());
        names.addAll(List.of("lens", "measure", "layer", "count", "mean"));
        quantiles.forEach(share -> names.add("q" + share));
        CsvLine.write(names, out);
        for (SummaryGroup group : summary.groups()) {
            for (SummaryMeasure measure : summary.measures()) {
                for (int layer : group.layers(measure)) {
                    CsvLine.write(line(group, measure, layer), out);
                }
            }
        }
    }

    private List<String> line(SummaryGroup group, SummaryMeasure measure, int layer) {
        LayerSums sums = group.at(measure, layer).orElseThrow();
        List<String> fields = new ArrayList<>(group.values());
        fields.addAll(List.of(
                group.lens(),
                measure.key(),
                Integer.toString(layer),
                Long.toString(sums.count()),
                CsvLine.number(sums.mean())));
        quantiles.forEach(share -> fields.add(CsvLine.number(sums.quantile(share))));
        return fields;
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(SummaryFigures.chart(summary, shown.get(0), quantiles), style);
    }
}
