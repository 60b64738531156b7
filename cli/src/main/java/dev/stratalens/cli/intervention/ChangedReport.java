package dev.stratalens.cli.intervention;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.comparison.ComparisonReport;
import dev.stratalens.cli.form.Markdown;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.output.ListFormat;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.NumberText;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A changed pass beside the unchanged one: what was changed, what it did to the output, which cells it can reach, and the comparison
 * of both.
 *
 * @param change in words
 * @param changed the changed result, with its effect
 * @param comparison of the unchanged result, A, and the changed one, B
 */
record ChangedReport(String change, LensResult changed, ComparisonReport comparison) implements Report {

    private InterventionEffect effect() {
        return changed.effect().orElseThrow();
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add("A is the prompt as it is, B with rows changed: %s.".formatted(change));
        for (InterventionEffect.MetricPair metric : effect().metrics()) {
            sentences.add("%s at the last token: %s unchanged, %s changed."
                    .formatted(
                            MetricWords.of(metric.metric()),
                            NumberText.decimals(metric.unchanged()),
                            NumberText.decimals(metric.changed())));
        }
        sentences.add(cone());
        return sentences;
    }

    private String cone() {
        long all = (long) changed.readPoints().size() * changed.positions().size();
        long reached = changed.readPoints().stream()
                .mapToLong(point ->
                        effect().reached().getOrDefault(point, List.of()).size())
                .sum();
        return "The change can reach %d of %d cells.%s".formatted(reached, all, others());
    }

    private String others() {
        OptionalDouble largest = effect().largestUnreachedDifference();
        if (largest.isEmpty()) {
            return "";
        }
        return largest.getAsDouble() == 0
                ? " The rows of the others are equal to the bit."
                : String.format(Locale.ROOT, " The rows of the others differ by %.2g at most.", largest.getAsDouble());
    }

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        sentences().forEach(sentence -> out.println(Paragraph.wrap(sentence, screen.columns())));
        out.println();
        comparison.print(out, scale, screen);
    }

    @Override
    public void writeMarkdown(Writer out) throws IOException {
        for (String sentence : sentences()) {
            out.append("* ").append(Markdown.escape(sentence)).append('\n');
        }
        out.append('\n');
        comparison.writeMarkdown(out);
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        JsonWriter json = ListFormat.json(out);
        json.beginObject().name("format").value("stratalens-intervention/1");
        json.name("change").value(change);
        json.name("metrics").beginArray();
        for (InterventionEffect.MetricPair metric : effect().metrics()) {
            json.beginObject()
                    .name("metric")
                    .value(MetricWords.of(metric.metric()))
                    .name("unchanged")
                    .value(metric.unchanged())
                    .name("changed")
                    .value(metric.changed())
                    .endObject();
        }
        json.endArray();
        json.name("reached").beginArray();
        for (ReadPoint point : changed.readPoints()) {
            json.beginArray();
            for (int position : effect().reached().getOrDefault(point, List.of())) {
                json.value(position);
            }
            json.endArray();
        }
        json.endArray();
        json.name("largest_unreached_difference");
        if (effect().largestUnreachedDifference().isPresent()) {
            json.value(effect().largestUnreachedDifference().getAsDouble());
        } else {
            json.nullValue();
        }
        var compared = new StringWriter();
        comparison.writeJson(compared);
        json.name("comparison").jsonValue(compared.toString().strip());
        json.endObject().flush();
        out.write('\n');
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        comparison.writeCsv(out);
    }

    @Override
    public String svg(FigureStyle style) {
        return comparison.svg(style);
    }

    @Override
    public HtmlReport page() {
        LensResult unchanged = changed.unchanged().orElseThrow();
        return HtmlReport.compare(unchanged, changed)
                .title("Unchanged | " + change)
                .build();
    }
}
