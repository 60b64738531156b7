package dev.stratalens.cli.report;

import dev.stratalens.cli.table.Paragraph;
import dev.stratalens.cli.table.TextTable;
import dev.stratalens.cli.table.TextTable.Align;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.report.prompts.Moments;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptType;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Types of prompts for people: where their predictions crystallise, and a table of means by layer for each quantity. */
public final class TypesReport {

    private final PrintWriter out;
    private final HeatScale scale;
    private final int width;

    /** A printer for one output.
     *
     * @param width columns of the terminal */
    public TypesReport(PrintWriter out, HeatScale scale, int width) {
        this.out = out;
        this.scale = scale;
        this.width = width;
    }

    /** Prints the types, then the quantities. */
    public void print(PromptTypes types, List<PromptQuantity> quantities) {
        types.model()
                .ifPresent(model -> say("%s: %d blocks. %d prompts of %d types."
                        .formatted(
                                model.name(),
                                model.layers(),
                                types.prompts(),
                                types.types().size())));
        say("Mean and standard deviation between the prompts of each type; crystallisation is the layer from which the"
                + " best token is the final one");
        out.println();
        crystallization(types).print(out, scale::bold);
        for (PromptQuantity quantity : quantities) {
            out.println();
            say(quantity.title());
            out.println();
            byLayer(types, quantity).print(out, scale::bold);
        }
    }

    private static TextTable crystallization(PromptTypes types) {
        TextTable table = new TextTable()
                .column("type", Align.LEFT)
                .column("prompts", Align.RIGHT)
                .column("crystallisation", Align.RIGHT);
        for (PromptType type : types.types()) {
            table.row(List.of(type.name(), Long.toString(type.prompts()), text(type.crystallizationLayer(), "%.1f")));
        }
        return table;
    }

    private static TextTable byLayer(PromptTypes types, PromptQuantity quantity) {
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

    private void say(String sentence) {
        out.println(Paragraph.wrap(sentence, width));
    }
}
