package dev.stratalens.cli.option;

import dev.stratalens.cli.batch.PromptFormat;
import dev.stratalens.cli.report.CurveMeasure;
import dev.stratalens.report.figure.ColorMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a value of an enum as it is written on the command line. */
public final class Choice {

    private Choice() {}

    /** Refuses with the list of what there is. */
    public static <E extends Enum<E>> ITypeConverter<E> of(Class<E> type) {
        return text -> {
            for (E value : type.getEnumConstants()) {
                if (value.toString().equals(text.toLowerCase(Locale.ROOT))) {
                    return value;
                }
            }
            String all = Arrays.stream(type.getEnumConstants()).map(E::toString).collect(Collectors.joining(", "));
            throw new TypeConversionException("\"%s\" is none of %s".formatted(text, all));
        };
    }

    /** A value as it is written on the command line. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Makes a command line read the enums of all commands this way. */
    public static void register(CommandLine line) {
        line.registerConverter(ComputeType.class, of(ComputeType.class))
                .registerConverter(OutputFormat.class, of(OutputFormat.class))
                .registerConverter(AnalysisFormat.class, of(AnalysisFormat.class))
                .registerConverter(KlFrom.class, of(KlFrom.class))
                .registerConverter(TrajectoryChoice.class, of(TrajectoryChoice.class))
                .registerConverter(CurveMeasure.class, of(CurveMeasure.class))
                .registerConverter(ColorMode.class, ColorOptions::mode)
                .registerConverter(FigureOptions.ThemeChoice.class, of(FigureOptions.ThemeChoice.class))
                .registerConverter(ListFormat.class, of(ListFormat.class))
                .registerConverter(PromptFormat.class, of(PromptFormat.class))
                .registerConverter(CompareView.class, CompareView::parse)
                .registerConverter(ComparePicture.class, of(ComparePicture.class))
                .registerConverter(CompareFormat.class, of(CompareFormat.class))
                .registerConverter(PromptsView.class, PromptsView::parse)
                .registerConverter(PromptsFormat.class, of(PromptsFormat.class))
                .registerConverter(LayersBy.class, of(LayersBy.class));
    }
}
