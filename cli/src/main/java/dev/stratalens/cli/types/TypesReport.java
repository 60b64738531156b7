package dev.stratalens.cli.types;

import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.prompts.Moments;
import dev.stratalens.report.prompts.PromptFigures;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptType;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Types of prompts: where their predictions crystallize, and means by layer of each quantity.
 *
 * @param quantities what is shown for people; a picture shows the first
 */
public record TypesReport(PromptTypes types, List<PromptQuantity> quantities) implements Report {

    @Override
    public void print(PrintWriter out, HeatScale scale, Screen screen) {
        types.model()
                .ifPresent(model -> out.println(Paragraph.wrap(
                        "%s: %d blocks. %d prompts of %d types."
                                .formatted(
                                        model.name(),
                                        model.layers(),
                                        types.prompts(),
                                        types.types().size()),
                        screen.columns())));
        out.println(Paragraph.wrap(
                "Mean and standard deviation between the prompts of each type; crystallization is the layer from which"
                        + " the best token is the final one",
                screen.columns()));
        out.println();
        crystallization().print(out, scale::bold, screen);
        for (PromptQuantity quantity : quantities) {
            out.println();
            out.println(Paragraph.wrap(quantity.title(), screen.columns()));
            out.println();
            byLayer(quantity).print(out, scale::bold, screen);
        }
    }

    private TextTable crystallization() {
        TextTable table = new TextTable()
                .column("type", Align.LEFT)
                .column("prompts", Align.RIGHT)
                .column("crystallization", Align.RIGHT);
        for (PromptType type : types.types()) {
            table.row(List.of(type.name(), Long.toString(type.prompts()), text(type.crystallizationLayer(), "%.1f")));
        }
        return table;
    }

    private TextTable byLayer(PromptQuantity quantity) {
        TextTable table = new TextTable().column("layer", Align.RIGHT);
        List<PromptType> shown =
                types.types().stream().filter(type -> type.has(quantity)).toList();
        shown.forEach(type -> table.column(type.name(), Align.RIGHT));
        for (int index = 0; index < types.layers().size(); index++) {
            int layer = types.layers().get(index);
            List<String> row = new ArrayList<>(List.of(layer < 0 ? "embed" : Integer.toString(layer)));
            for (PromptType type : shown) {
                row.add(text(quantity, type.curve(quantity).get(index)));
            }
            table.row(row);
        }
        return table;
    }

    /** Of ranks, the geometric mean, and the factor by which they spread. */
    private static String text(PromptQuantity quantity, Moments moments) {
        return switch (quantity.kind()) {
            case LOG_RANK -> {
                String mean = String.format(Locale.ROOT, "%.1f", Math.pow(10, moments.mean()));
                double spread = Math.pow(10, moments.standardDeviation());
                yield moments.count() == 0
                        ? "-"
                        : Double.isNaN(spread) ? mean : String.format(Locale.ROOT, "%s ×/÷ %.1f", mean, spread);
            }
            case AMOUNT -> text(moments, "%.2f");
            case PROBABILITY -> text(moments, "%.3f");
        };
    }

    private static String text(Moments moments, String format) {
        if (moments.count() == 0) {
            return "-";
        }
        String mean = String.format(Locale.ROOT, format, moments.mean());
        return moments.count() < 2
                ? mean
                : mean + " ± " + String.format(Locale.ROOT, format, moments.standardDeviation());
    }

    @Override
    public void writeJson(Writer out) throws IOException {
        TypesJson.write(types, out);
    }

    @Override
    public void writeCsv(Writer out) throws IOException {
        TypesCsv.write(types, out);
    }

    @Override
    public String svg(FigureStyle style) {
        return SvgFigure.svg(PromptFigures.chart(types, quantities.get(0)), style);
    }
}
