package dev.stratalens.cli.evaluation;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.report.evaluation.Estimate;
import dev.stratalens.report.evaluation.EvaluationFigures;
import dev.stratalens.report.evaluation.EvaluationMeasure;
import dev.stratalens.report.evaluation.EvaluationSeries;
import dev.stratalens.report.evaluation.EvaluationSums;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.SvgFigure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * An evaluation: a table for each measure, with a column for each lens.
 *
 * @param what what was evaluated, such as {@code 200 documents, 5,120 tokens}
 * @param all every measure
 * @param shown what is shown for people; a picture shows the first
 */
record EvaluationReport(
        ModelInfo model, EvaluationSums sums, String what, List<EvaluationMeasure> all, List<EvaluationMeasure> shown)
        implements Report {

    private static final String FORMAT = "stratalens-evaluation/1";

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        out.println(Paragraph.wrap(
                "%s: %s. Means with their 95 %% confidence intervals.".formatted(model.name(), what),
                screen.columns()));
        for (EvaluationMeasure measure : shown) {
            out.println();
            out.println(Paragraph.wrap(measure.title(), screen.columns()));
            out.println();
            table(measure).print(out, scale::bold, screen);
        }
    }

    private TextTable table(EvaluationMeasure measure) {
        TextTable table = new TextTable().column("layer", Align.RIGHT);
        List<Lens> lenses = sums.lenses();
        lenses.forEach(lens -> table.column(lens.map().orElse(lens.name()), Align.RIGHT));
        TreeSet<Integer> layers = new TreeSet<>();
        lenses.forEach(lens -> layers.addAll(sums.layers(lens)));
        List<Integer> rows = new ArrayList<>(layers);
        if (lenses.stream()
                .anyMatch(lens ->
                        estimate(lens, EvaluationSeries.ANY_LAYER, measure).count() > 0)) {
            rows.add(EvaluationSeries.ANY_LAYER);
        }
        for (int layer : rows) {
            List<String> row = new ArrayList<>(List.of(name(layer)));
            lenses.forEach(lens -> row.add(text(measure, estimate(lens, layer, measure))));
            table.row(row);
        }
        return table;
    }

    private static String name(int layer) {
        return switch (layer) {
            case EvaluationSeries.ANY_LAYER -> "best of all";
            case -1 -> "embed";
            default -> Integer.toString(layer);
        };
    }

    private Estimate estimate(Lens lens, int layer, EvaluationMeasure measure) {
        return sums.estimate(new EvaluationSeries(lens, layer, measure));
    }

    private static String text(EvaluationMeasure measure, Estimate estimate) {
        if (estimate.count() == 0) {
            return "-";
        }
        return switch (measure.kind()) {
            case AMOUNT -> text("%.3f", " ± ", estimate.mean(), estimate.margin());
            case SHARE -> text("%.1f %%", " ± ", 100 * estimate.mean(), 100 * estimate.margin());
            case LOG_RANK -> text("%.1f", " ×/÷ ", Math.pow(10, estimate.mean()), Math.pow(10, estimate.margin()));
        };
    }

    private static String text(String format, String between, double mean, double margin) {
        String text = String.format(Locale.ROOT, format, mean);
        return Double.isNaN(margin)
                ? text
                : text.replace(" %", "") + between + String.format(Locale.ROOT, format, margin);
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        json.beginObject().name("format").value(FORMAT);
        json.name("model").value(model.name()).name("revision").value(model.revision());
        json.name("blocks").value(model.layers());
        json.name("units").value(sums.units());
        json.name("tokens").value(sums.tokens()).name("bytes").value(sums.bytes());
        json.name("lenses").beginArray();
        for (Lens lens : sums.lenses()) {
            json.beginObject().name("lens").value(lens.name());
            json.name("layers").beginArray();
            for (int layer : sums.layers(lens)) {
                json.value(layer);
            }
            json.endArray();
            for (EvaluationMeasure measure : all) {
                json.name(measure.key()).beginObject();
                array("mean", lens, measure, Estimate::mean, json);
                array("margin", lens, measure, Estimate::margin, json);
                Estimate best = estimate(lens, EvaluationSeries.ANY_LAYER, measure);
                if (best.count() > 0) {
                    json.name("best_of_all_layers").beginObject().name("mean");
                    number(best.mean(), json);
                    number(best.margin(), json.name("margin"));
                    json.endObject();
                }
                json.endObject();
            }
            json.endObject();
        }
        json.endArray().endObject();
        json.flush();
        out.write('\n');
    }

    private void array(
            String name, Lens lens, EvaluationMeasure measure, ToDoubleFunction<Estimate> value, JsonWriter json)
            throws IOException {
        json.name(name).beginArray();
        for (int layer : sums.layers(lens)) {
            number(value.applyAsDouble(estimate(lens, layer, measure)), json);
        }
        json.endArray();
    }

    private static void number(double value, JsonWriter json) throws IOException {
        if (Double.isNaN(value)) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    /** One line a lens, measure and layer; the layer is empty for the best of all. */
    @Override
    public void writeCsv(Writer out) throws IOException {
        CsvLine.write(List.of("lens", "measure", "layer", "units", "mean", "margin"), out);
        for (Lens lens : sums.lenses()) {
            List<Integer> layers = new ArrayList<>(sums.layers(lens));
            layers.add(EvaluationSeries.ANY_LAYER);
            for (EvaluationMeasure measure : all) {
                for (int layer : layers) {
                    Estimate estimate = estimate(lens, layer, measure);
                    if (estimate.count() > 0) {
                        CsvLine.write(
                                List.of(
                                        lens.name(),
                                        measure.key(),
                                        layer == EvaluationSeries.ANY_LAYER ? "" : Integer.toString(layer),
                                        Long.toString(estimate.count()),
                                        CsvLine.number(estimate.mean()),
                                        CsvLine.number(estimate.margin())),
                                out);
                    }
                }
            }
        }
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(
                EvaluationFigures.chart(sums, shown.get(0), "%s: %s".formatted(model.name(), what)), style);
    }
}
