package dev.stratalens.cli.types;

import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.report.prompts.Moments;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptType;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.util.List;

/**
 * One line a type, quantity and layer: how many prompts have it, mean and standard deviation. Ranks are decimal logarithms.
 * The crystallization layer has no layer of its own.
 */
final class TypesCsv {

    private TypesCsv() {}

    static void write(PromptTypes types, Appendable out) throws IOException {
        CsvLine.write(List.of("type", "quantity", "layer", "prompts", "mean", "standard_deviation"), out);
        for (PromptType type : types.types()) {
            line(type, "crystallization_layer", "", type.crystallizationLayer(), out);
            for (PromptQuantity quantity : PromptQuantity.all()) {
                if (type.has(quantity)) {
                    for (int index = 0; index < types.layers().size(); index++) {
                        line(
                                type,
                                quantity.key(),
                                Integer.toString(types.layers().get(index)),
                                type.curve(quantity).get(index),
                                out);
                    }
                }
            }
        }
    }

    private static void line(PromptType type, String quantity, String layer, Moments moments, Appendable out)
            throws IOException {
        CsvLine.write(
                List.of(
                        type.name(),
                        quantity,
                        layer,
                        Long.toString(moments.count()),
                        CsvLine.number(moments.mean()),
                        CsvLine.number(moments.standardDeviation())),
                out);
    }
}
